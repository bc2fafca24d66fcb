import type { ControlArgs } from '../core/control.ts'
import type { Raster } from '../core/sign/raster.ts'
import { shrink } from '../core/sign/shrink.ts'
import type { SignPicture } from '../core/sign/sign-picture.ts'
import type { SignView } from '../core/status.ts'
import type { Clock } from '../ports/clock.ts'
import type { SignControl } from './sign-control.ts'

/** A text that scrolls changes at every frame: whoever watches gets every few of them. */
const LOOK_EVERY_MS = 500

type Size = ControlArgs<'sign-pictures'>
type Signs = Pick<SignControl, 'pictures'>
/** A sign that was given something. */
type Given = SignPicture & { readonly raster: Raster }

const isGiven = (picture: SignPicture): picture is Given => picture.raster !== undefined

const viewOf = ({ id, takes, raster, text }: Given, { columns, rows }: Size): SignView => {
  const { width, height, rgb } = shrink(raster, columns, rows)
  return {
    id,
    width: raster.width,
    height: raster.height,
    text,
    drawsItself: takes === 'text',
    picture: { width, height, rgb: Buffer.from(rgb).toString('base64') },
  }
}

/** What each sign was given last. */
export const signPictures = (signs: Signs, size: Size): readonly SignView[] =>
  signs
    .pictures()
    .filter(isGiven)
    .map((given) => viewOf(given, size))

/** All of them, then those that were given something else since; one that stays costs a look. */
export async function* followSignPictures(
  signs: Signs,
  size: Size,
  clock: Clock,
  signal: AbortSignal,
): AsyncIterable<readonly SignView[]> {
  const told = new Map<string, Raster>()
  for (;;) {
    const fresh = signs
      .pictures()
      .filter(isGiven)
      .filter(({ id, raster }) => told.get(id) !== raster)
    for (const { id, raster } of fresh) told.set(id, raster)
    if (fresh.length > 0) yield fresh.map((given) => viewOf(given, size))
    await clock.sleep(LOOK_EVERY_MS, signal)
  }
}
