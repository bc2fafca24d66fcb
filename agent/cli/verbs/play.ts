import { createReadStream } from 'node:fs'
import type { ControlArgs } from '../../core/control.ts'
import type { ProgrammeClass } from '../../core/documents.ts'
import { type Call, numberOption, print, textOption, usage, type Verb } from '../call.ts'
import { followPlay } from '../follow-play.ts'
import { describeFile } from '../local-file.ts'
import { OPTION_VALUES } from '../syntax.ts'

type What = { readonly args: ControlArgs<'play'>; readonly path?: string }

const SWEEP = { hz: 100, toHz: 10_000 }

const whatToPlay = async (call: Call): Promise<What> => {
  const hz = numberOption(call, 'tone', { min: 20, max: 20_000 })
  const sweep = call.options['sweep'] === true
  const [path, extra] = call.words
  const asked = [hz !== undefined, sweep, path !== undefined].filter(Boolean).length
  if (asked !== 1 || extra !== undefined) throw usage(call.say.usage.playWhat)
  if (path !== undefined) return { path, args: { file: await describeFile(path, call.say) } }
  return { args: hz === undefined ? { tone: SWEEP } : { tone: { hz } } }
}

const classOf = (call: Call): ProgrammeClass | undefined => {
  const given = textOption(call, 'class')
  const known = OPTION_VALUES.class.find((name) => name === given)
  if (given !== undefined && known === undefined) throw usage(call.say.usage.playClass(given))
  return known
}

const limits = (call: Call): Pick<ControlArgs<'play'>, 'seconds' | 'volume' | 'class'> => {
  const seconds = numberOption(call, 'seconds', { min: 0.1, max: 14_400 })
  const volume = numberOption(call, 'volume', { min: 0, max: 100 })
  const programmeClass = classOf(call)
  return {
    ...(seconds === undefined ? {} : { seconds }),
    ...(volume === undefined ? {} : { volume }),
    ...(programmeClass === undefined ? {} : { class: programmeClass }),
  }
}

/** `loa play FILE | --tone HZ | --sweep`: waits for the end, and stops the sound when it is stopped itself. */
export const play: Verb = async (call) => {
  const bounds = limits(call)
  const { args, path } = await whatToPlay(call)
  if (path !== undefined && !call.json) print(call, [call.say.play.sending(path)])
  const body = path === undefined ? undefined : createReadStream(path)
  const ended = await followPlay(call, { ...args, ...bounds }, body)
  return ended === undefined || ended.result === 'completed' ? 0 : 1
}
