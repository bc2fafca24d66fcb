import { LoaError } from '../../../agent/core/error.ts'
import { given } from '../given.ts'
import { describeAudio, itemAt, scheduleDocument } from '../schedule.ts'
import type { Verb } from '../verb.ts'

const CLASSES = ['normal', 'priority', 'emergency'] as const

export const schedule: Verb = {
  name: 'schedule',
  summary: 'make a schedule with one item that starts soon',
  help: `  province schedule --in SECONDS [--audio F] [--text T] [--area 75/26068]
                    [--content ORIGIN]...

Prints a schedule document, unsigned, whose one item starts in so many seconds:
chime, the sound of F, and T scrolling on the signs. rev is the Unix seconds of
now.
  --content O        origin of a content server (default http://127.0.0.1:8080)
  --content-dir D    copy F into this folder, which the content server serves
  --no-chime         no chime before the sound
  --id I --title T   of the item (default thong-bao)
  --class C          normal (default), priority, emergency
  --volume P         percent
Example:
  province schedule --in 8 --audio a.mp3 --content-dir content |
    province publish --key K -`,
  options: {
    in: { type: 'string' },
    audio: { type: 'string' },
    text: { type: 'string' },
    area: { type: 'string' },
    content: { type: 'string', multiple: true },
    'content-dir': { type: 'string' },
    'no-chime': { type: 'boolean' },
    id: { type: 'string' },
    title: { type: 'string' },
    class: { type: 'string' },
    volume: { type: 'string' },
  },
  run: async (args, io) => {
    args.required('in')
    const seconds = args.number('in', { min: 0, max: 30 * 86_400 }) ?? 0
    const wanted = args.text('class')
    const programmeClass = CLASSES.find((each) => each === (wanted ?? 'normal'))
    if (programmeClass === undefined)
      throw new LoaError('USAGE', `--class must be one of ${CLASSES.join(' ')}`)
    const file = args.text('audio')
    const text = args.text('text')
    const title = args.text('title')
    const volume = args.number('volume', { min: 0, max: 100 })
    const chime = !args.has('no-chime')
    if (file === undefined && text === undefined && !chime) {
      throw new LoaError('USAGE', 'nothing to play or show: give --audio, --text or the chime')
    }
    const origins = args.list('content')
    const contentDirectory = args.text('content-dir')
    const audio =
      file === undefined
        ? undefined
        : await describeAudio(file, {
            origins: origins.length === 0 ? ['http://127.0.0.1:8080'] : origins,
            ...given({ contentDirectory }),
          })
    const now = new Date()
    const item = itemAt({
      id: args.text('id') ?? 'thong-bao',
      at: new Date(now.getTime() + seconds * 1000),
      chime,
      class: programmeClass,
      ...given({ audio, text, title, volume }),
    })
    const document = scheduleDocument(args.text('area') ?? '75/26068', [item], now)
    io.out(JSON.stringify(document, undefined, io.json ? undefined : 1))
    return 0
  },
}
