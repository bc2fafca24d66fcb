import { testPicture } from '../core/sign/test-pattern.ts'
import { NO_SOUND } from '../ports/media-cache.ts'
import type { PictureDecoder } from '../ports/picture-decoder.ts'
import type { Condition } from '../services/condition.ts'
import type { Library } from '../services/library.ts'
import { LocalPictures } from '../services/local-pictures.ts'
import { TEST_PATTERN } from '../services/local-sign.ts'
import { PageFaults } from '../services/page-faults.ts'
import { SignControl } from '../services/sign-control.ts'
import { SignPictures } from '../services/sign-pictures.ts'
import type { TimeKeeper } from '../services/time-keeper.ts'
import type { Ground } from './ground.ts'
import { signAppearance } from './sign-appearance.ts'

type Needs = {
  readonly time: TimeKeeper
  readonly library: Library
  readonly condition: Condition
  readonly pictureDecoder: PictureDecoder
  /** A sign begins or ceases to have something to show. */
  readonly onUse: (sign: string, inUse: boolean) => void
  readonly fail: (error: unknown) => void
}

/** The signs of the board, and the pictures for them. */
export function assembleSigns(
  ground: Ground,
  { time, library, condition, pictureDecoder, onUse, fail }: Needs,
): { readonly signs: SignControl; readonly pictures: SignPictures; readonly localPictures: LocalPictures } {
  const { clock, logger, signboards } = ground
  const localPictures = new LocalPictures()
  const pictures = new SignPictures({
    stateOf: (sha256) =>
      localPictures.has(sha256) ? { state: 'ready', bytes: 0, measured: NO_SOUND } : library.stateOf(sha256),
    read: (sha256, offset, length) =>
      localPictures.read(sha256, offset, length) ?? library.read(sha256, offset, length),
    decoder: pictureDecoder,
    logger,
    onChange: () => signs.mediaChanged(),
    onFailure: fail,
  })
  const pageFaults = new PageFaults({
    emit: (code, severity, data) => condition.event(code, severity, data),
  })
  const signs: SignControl = new SignControl({
    signboards,
    ...signAppearance(ground, time),
    pictureFor: (image, panel) =>
      image.sha256 === TEST_PATTERN.sha256 ? testPicture(panel) : pictures.pictureFor(image, panel),
    clock,
    logger,
    onUse,
    onHealth: (sign, health) => condition.sign(sign, health),
    onPageFault: (owner, sign, fault) => pageFaults.report(owner, sign, fault),
    onFailure: fail,
  })
  return { signs, pictures, localPictures }
}
