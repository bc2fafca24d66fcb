import * as v from 'valibot'
import type { BoardConfig } from '../core/configuration.ts'
import { amplifiersFit, completeAmplifiers } from './board-amplifiers.ts'
import { input } from './board-inputs.ts'
import { eachOnce } from './board-lines.ts'
import { sensors, speakerLine } from './board-sensors.ts'
import { sign } from './board-signs.ts'
import { usbPower, usbPowerFits } from './board-usb.ts'
import { ConfigFault } from './config-fault.ts'
import { about, ids, milliseconds, path, shortList, uniqueList } from './config-scalars.ts'
import { faultsOf } from './fault.ts'
import { bias, gpioLine } from './gpio-line.ts'
import { id, integer, quantity, text } from './scalars.ts'
import { strictFields } from './shape.ts'

const MAX_AMPLIFIERS = 4
const MAX_SIGNS = 4
const MAX_INPUTS = 16

const filter = strictFields({
  highPassHz: about(
    v.exactOptional(integer(40, 800)),
    'Below this frequency the sound falls off by 12 dB an octave.',
  ),
  presenceDb: about(v.exactOptional(quantity(-6, 9)), 'Gain around 3 kHz, where consonants are told apart.'),
})
const capture = strictFields({
  device: about(text(200), 'ALSA device, best by card name: plughw:CARD=Device.'),
})
const sound = {
  rate: about(v.optional(integer(8_000, 192_000), 48_000), 'Frames a second of the device.'),
  channels: about(v.optional(v.picklist([1, 2]), 1), 'Channels of the device; both carry the same.'),
  bufferMs: about(v.optional(milliseconds(20, 5_000), 500), 'Length of the ring of the device.'),
  latencyMs: about(
    v.exactOptional(quantity(0, 500)),
    'Delay of device and amplifier, made up for by starting earlier; 0 when absent.',
  ),
  acousticDelayMs: about(
    v.exactOptional(quantity(0, 1_000)),
    'Sound leaves later by this, to coincide with a neighbour where people are; 0 when absent.',
  ),
  filter: about(v.exactOptional(filter), 'Shapes the sound for horns; flat when absent.'),
  capture: about(
    v.exactOptional(capture),
    'A microphone or line input that hears what is played, for the `heard` of records; nothing of it is kept or sent.',
  ),
}
const pcmDevice = about(
  v.optional(text(200), 'default'),
  'ALSA device, best by card name: plughw:CARD=sndrpihifiberry. With driver alsa also a link below /dev/snd/by-id or by-path.',
)
const audio = v.variant('driver', [
  strictFields({ driver: v.literal('alsa'), device: pcmDevice, ...sound }),
  strictFields({ driver: v.literal('speaker'), device: pcmDevice, ...sound }),
  strictFields({
    driver: v.literal('wav'),
    file: about(path, 'WAV file that gets what would be heard, in real time.'),
    ...sound,
  }),
])

const LINE = 'Where the current of its loudspeaker line is read, rectified and smoothed.'

const timing = (settleMs: number, holdMs: number, minOffMs: number) => ({
  id: about(id, 'Name that items and commands use.'),
  settleMs: about(
    v.optional(milliseconds(0, 30_000), settleMs),
    'From relay closed to first sound; the lead time of a carrier where one is keyed.',
  ),
  holdMs: about(v.optional(milliseconds(0, 30_000), holdMs), 'From last frame to relay open.'),
  minOffMs: about(
    v.optional(milliseconds(0, 60_000), minOffMs),
    'Shortest time between open and closed again.',
  ),
  maxOnMinutes: about(v.optional(integer(1, 1_440), 240), 'The relay opens by itself after this.'),
  role: about(
    v.exactOptional(v.picklist(['amplifier', 'transmitter'])),
    'An amplifier when absent. A transmitter is keyed by its relay, and its carrier stands `leadMs` before the first sound.',
  ),
  leadMs: about(
    v.exactOptional(milliseconds(0, 30_000)),
    'Of a transmitter alone: from relay closed to first sound, in place of `settleMs`.',
  ),
  staggerMs: about(
    v.exactOptional(milliseconds(0, 10_000)),
    'After this relay has closed no other closes for so long: they start one after another, in the order of this list. 0 when absent.',
  ),
  exclusive: about(
    v.exactOptional(id),
    'Of amplifiers with the same word one at most is on: the first in this list that works.',
  ),
  signs: about(
    v.exactOptional(ids(4)),
    'Signs that this relay feeds too: it is closed while one of them shows something.',
  ),
  speakerLine: about(v.exactOptional(speakerLine), LINE),
})
const relay = timing(800, 500, 2_000)

const feedback = strictFields({
  ...gpioLine,
  bias,
  withinMs: about(v.optional(milliseconds(1, 10_000), 200), 'How soon the contact must follow the relay.'),
})

const amplifier = v.variant('driver', [
  strictFields({
    driver: v.literal('gpiochip'),
    ...relay,
    ...gpioLine,
    feedback: about(v.exactOptional(feedback), 'Contact that follows the relay, to be read back.'),
  }),
  strictFields({
    driver: v.literal('rpio'),
    ...relay,
    line: about(integer(0, 53), 'GPIO number (BCM).'),
    activeLow: gpioLine.activeLow,
  }),
  strictFields({
    driver: v.literal('virtual'),
    ...relay,
    trace: about(v.exactOptional(path), 'File that gets one JSON line a change.'),
  }),
  strictFields({ driver: v.literal('none'), ...timing(0, 0, 0) }),
  strictFields({
    driver: v.literal('shared'),
    id: relay.id,
    relay: about(id, 'The amplifier whose relay feeds this one too: neither is on without the other.'),
    speakerLine: relay.speakerLine,
  }),
])

const boardFields = strictFields({
  name: about(id, 'Name of the board; the file is NAME.yaml.'),
  models: about(
    v.optional(shortList(text(200), 32), []),
    'Accepted contents of /proc/device-tree/model; empty: any machine.',
  ),
  clock: about(
    v.optional(v.picklist(['rtc', 'none', 'trusted']), 'rtc'),
    'What keeps the time without network: a clock chip, nothing, or something always right.',
  ),
  audio: about(audio, 'The sound device.'),
  amplifiers: about(v.optional(uniqueList(amplifier, MAX_AMPLIFIERS), []), 'Amplifier relays, at most 4.'),
  inputs: about(v.optional(uniqueList(input, MAX_INPUTS), []), 'Contacts.'),
  signs: about(v.optional(uniqueList(sign, MAX_SIGNS), []), 'LED panels, at most 4.'),
  usbPower: about(
    v.exactOptional(shortList(usbPower, MAX_SIGNS + 1)),
    'Sockets of a USB hub that are switched off and on when their adapter is gone; by uhubctl, where it is installed.',
  ),
  sensors: about(v.optional(sensors, {}), 'What is read of the machine, and from where on it is told.'),
})

/** A board file. */
export const boardSchema = v.pipe(boardFields, eachOnce(), amplifiersFit(), usbPowerFits())

/**
 * The board with every default filled in, from the value of a parsed board file. Relative paths are left as they are.
 * @throws ConfigFault with every fault at once
 */
export const readBoard = (value: unknown, file: string): BoardConfig => {
  const result = v.safeParse(boardSchema, value)
  if (!result.success) throw new ConfigFault(file, faultsOf(result.issues))
  return { ...result.output, amplifiers: completeAmplifiers(result.output.amplifiers) }
}
