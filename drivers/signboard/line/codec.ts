import type { SignProof } from '../../../agent/core/sign/proof.ts'
import type { Frame, PageManner, SignContentKind } from '../../../agent/ports/signboard.ts'
import type { Inspect } from './scanner.ts'

/** What a panel is to show. */
export type Picture = {
  readonly frame: Frame
  readonly text: string
  readonly manner: PageManner
  /** 0 to 100. */
  readonly percent: number
}

/** What a reply means for the packet that awaits one. `busy`: the same again a little later. */
export type Verdict = 'taken' | 'busy' | { readonly refused: string }

/** Bytes that go out together. */
export type Packet<R> = {
  readonly bytes: Uint8Array
  /**
   * What a reply says of this packet; undefined when it belongs to another one. Without it nothing answers this packet.
   * A reply that says what the panel shows is compared here.
   */
  readonly judge?: (reply: R) => Verdict | undefined
  /** Silences that the controller needs before the byte at an index, rising. */
  readonly pauses?: readonly { readonly before: number; readonly ms: number }[]
  /** Bytes of the same length that shall take the place of those not handed over yet, if there are any by now. */
  readonly instead?: () => Uint8Array | undefined
}

/** The wire format of one kind of sign: pure, without a clock and without a port. */
export type SignCodec<R = never> = {
  readonly takes: SignContentKind
  /** Of a text that the controller draws, in characters. */
  readonly longestText?: number
  /** What a picture is known by once all of its packets were taken. */
  readonly proof: Exclude<SignProof, 'waiting'>
  /** Finds the replies of the controller. */
  readonly inspect: Inspect<R>
  readonly encode: (picture: Picture) => readonly Packet<R>[]
  /** Sent whenever the port was opened or the controller is there again, before any picture. */
  readonly opening?: () => readonly Packet<R>[]
  /** A question that costs nothing, asked when nothing else was answered for a while; its answer shows that the sign lives. */
  readonly ping?: () => Packet<R>
  /** A picture is one packet in which every pixel stands by itself: two pictures may share one. */
  readonly pixelByPixel?: boolean
  /** It writes pages to flash: they are written sparingly, and none is written again without need. */
  readonly storesPages?: boolean
}

/** Replies of a controller that never says anything. */
export const silent: Inspect<never> = () => 'none'
