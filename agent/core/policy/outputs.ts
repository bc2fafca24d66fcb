import type { Policy } from '../documents.ts'
import { type Item, isSignOnly } from '../schedule/item.ts'

/** Ids of the amplifiers and signs of this board. */
export type BoardOutputs = { readonly amplifiers: readonly string[]; readonly signs: readonly string[] }

const present = (named: readonly string[] | undefined, ofBoard: readonly string[]): readonly string[] =>
  named === undefined ? ofBoard : ofBoard.filter((id) => named.includes(id))

/** What of the board an item uses; names that the board lacks are passed over. */
export const outputsOf = (
  item: Pick<Item, 'parts' | 'amplifiers' | 'sign'>,
  board: BoardOutputs,
): BoardOutputs => ({
  amplifiers: isSignOnly(item) ? [] : present(item.amplifiers, board.amplifiers),
  signs: item.sign === undefined ? [] : present(item.sign.signs, board.signs),
})

/**
 * True for an item that is `skipped POLICY` here: a normal one from `vn` or the province where `normalFromProvince` is `ignore`,
 * one that the present place broadcasts too, or one that names only outputs this board lacks. An item with parts goes by its amplifiers; its sign follows.
 */
export const isExcluded = (
  item: Pick<Item, 'parts' | 'amplifiers' | 'sign' | 'class' | 'area' | 'former'>,
  policy: Pick<Policy, 'normalFromProvince'>,
  board: BoardOutputs,
): boolean => {
  if (item.former?.twin === true) return true
  if (policy.normalFromProvince === 'ignore' && item.class === 'normal' && !item.area.includes('/'))
    return true
  const { amplifiers, signs } = outputsOf(item, board)
  if (isSignOnly(item)) return signs.length === 0
  // A board without amplifiers still has its sound output; only names that lead nowhere exclude.
  return item.amplifiers !== undefined && amplifiers.length === 0
}
