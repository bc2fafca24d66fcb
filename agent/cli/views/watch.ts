import { followAgent } from '../../adapters/control/client.ts'
import { LoaError } from '../../core/error.ts'
import type { SignView } from '../../core/status.ts'
import type { Call } from '../call.ts'
import { plain } from '../text/width.ts'
import { openScreen } from './screen.ts'
import { watchFrame } from './watch-frame.ts'

/** While something sounds. */
const EVERY_MS = 500
/** More dots do not fit on a screen. */
const PICTURE = { columns: 118, rows: 64 }

/** Keeps `pictures` as the signs are, until the end; an agent that tells nothing of them leaves them out. */
const followPictures = async (
  socket: string,
  pictures: Map<string, SignView>,
  draw: () => void,
  signal: AbortSignal,
): Promise<void> => {
  try {
    for await (const some of followAgent(socket, 'sign-pictures', PICTURE, { signal })) {
      for (const picture of some) pictures.set(picture.id, picture)
      draw()
    }
  } catch (error) {
    pictures.clear()
    if (!(error instanceof LoaError)) throw error
  }
}

/** `status --watch` on a terminal: a screen of its own until q, Ctrl-C or the end of the agent. */
export const watchStatus = async (call: Call, socket: string): Promise<void> => {
  const quit = new AbortController()
  const signal = AbortSignal.any([quit.signal, call.io.signal])
  const reports = followAgent(socket, 'status', { everyMs: EVERY_MS }, { signal })
  // The first answer comes before the screen changes, so that a fault is told on the normal one.
  const first = await reports.next()
  if (first.done === true) return
  const ended = new AbortController()
  let following: Promise<void> | undefined
  try {
    using screen = openScreen(call.io)
    const pictures = new Map<string, SignView>()
    let report = first.value
    const draw = (): void => {
      if (!ended.signal.aborted) screen.draw(watchFrame(call, report, [...pictures.values()]))
    }
    following = followPictures(socket, pictures, draw, AbortSignal.any([ended.signal, signal]))
    using _keys = call.io.keys((key) => {
      if (key === 'q' || key === 'Q' || key === '\u0003') quit.abort()
    })
    using _resized = call.io.resized(draw)
    draw()
    for await (const next of reports) {
      report = next
      draw()
    }
    // Nothing is drawn any more once the screen is given back.
    ended.abort()
  } finally {
    ended.abort()
    await following
  }
  if (!signal.aborted) throw new LoaError('NOT_RUNNING', plain(call.say.status.lost), { path: socket })
}
