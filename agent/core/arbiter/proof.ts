import type { Heard } from '../hearing/verdict.ts'

/** What is known beyond the count of frames: that relays stood right all along, and how much was heard. */
export type Proof = {
  /** True: every relay was read back and right throughout. False: a contact disagreed. */
  readonly relay?: boolean
  readonly heard?: Heard
}
type Piece = Proof & { readonly frames: number }

const relayOf = (before: Piece, piece: Piece): boolean | undefined => {
  if (before.relay === false || piece.relay === false) return false
  if (piece.frames === 0) return before.relay
  if (before.frames === 0) return piece.relay
  // Of a piece that nobody saw, a playout that died for one, nothing can be said; nor then of the whole.
  return before.relay === undefined || piece.relay === undefined ? undefined : true
}

const heardOf = (before: Proof, piece: Proof): Heard | undefined => {
  if (before.heard === undefined || piece.heard === undefined) return before.heard ?? piece.heard
  const seconds = before.heard.seconds + piece.heard.seconds
  const sum = before.heard.score * before.heard.seconds + piece.heard.score * piece.heard.seconds
  return { score: Math.round((100 * sum) / seconds) / 100, seconds: Math.round(10 * seconds) / 10 }
}

/** The proof of a programme after another piece of it. */
export const proofAfter = (before: Piece, piece: Piece): Proof => {
  const relay = relayOf(before, piece)
  const heard = heardOf(before, piece)
  return { ...(relay === undefined ? {} : { relay }), ...(heard === undefined ? {} : { heard }) }
}
