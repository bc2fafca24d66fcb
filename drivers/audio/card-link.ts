import { realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { LoaError } from '../../agent/core/error.ts'

const FOLDER = '/dev/snd/'

const controlOf = (link: string, root: string): string => {
  try {
    return basename(realpathSync(`${root}${link}`))
  } catch (cause) {
    throw new LoaError('AUDIO_DEVICE', `no sound card is plugged in at ${link}`, { cause })
  }
}

/**
 * The name under which ALSA opens a device of the board file now: a link below /dev/snd (by-id, by-path) stands for the card it
 * leads to, whose number is another after each plugging in. Anything else is a name already.
 * @throws AUDIO_DEVICE when the link leads to no card
 */
export const alsaName = (device: string, root = ''): string => {
  if (!device.startsWith(FOLDER)) return device
  const control = controlOf(device, root)
  const number = /^controlC(\d+)$/.exec(control)?.[1]
  if (number === undefined)
    throw new LoaError('AUDIO_DEVICE', `${device} is no link to a sound card, but to ${control}`)
  return `plughw:${number}`
}
