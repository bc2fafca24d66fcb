import { atMostWords, numberOption, print, type Verb } from '../call.ts'
import { followPlay } from '../follow-play.ts'

/** Of the pilot this much must be heard. */
const HEARD = 0.5

/** `loa hear`: plays a short pilot and says how much of it the capture device heard. */
export const hear: Verb = async (call) => {
  atMostWords(call, 0)
  const volume = numberOption(call, 'volume', { min: 1, max: 100 })
  const ended = await followPlay(call, { pilot: true, ...(volume === undefined ? {} : { volume }) })
  if (ended === undefined) return 0
  if (ended.heard === undefined && !call.json) print(call, [call.say.play.notJudged])
  return ended.result === 'completed' && (ended.heard ?? 0) >= HEARD ? 0 : 1
}
