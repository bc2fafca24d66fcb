import type { Panel } from './raster.ts'

/** How a sign shows what it is given: of the sign, not of the page. */
export type SignLook = {
  readonly align: 'left' | 'center' | 'right'
  readonly vertical: 'top' | 'middle' | 'bottom'
  /** Where scrolling text goes. `up` is for panels of several lines. */
  readonly scroll: 'left' | 'up'
  /** Whether pages of alerts blink. */
  readonly alerts: 'steady' | 'blink'
  /** `mono`: an LED is on or off. */
  readonly color: 'rgb' | 'mono'
  /** Exponent by which pictures are darkened towards linear light; 1 leaves them as they are. */
  readonly gamma: number
}

export const PLAIN_LOOK: SignLook = {
  align: 'center',
  vertical: 'middle',
  scroll: 'left',
  alerts: 'steady',
  color: 'rgb',
  gamma: 1,
}

/** What a page is laid out for. `takes`: a sign that gets `text` draws it itself; pixels are the rule. */
export type PagePanel = Panel & {
  readonly framesPerSecond: number
  readonly takes?: 'raster' | 'text'
  /** Characters that a sign which draws text itself takes. */
  readonly longestText?: number | undefined
  readonly look?: SignLook
}

export const lookOf = ({ look }: PagePanel): SignLook => look ?? PLAIN_LOOK

/** The column where something so wide begins. */
export const leftIn = (panel: PagePanel, width: number): number =>
  Math.floor(((panel.width - width) * { left: 0, center: 1, right: 2 }[lookOf(panel).align]) / 2)

/** The row where something so high begins. What is higher than the panel shows its beginning. */
export const topIn = (panel: PagePanel, height: number): number =>
  Math.floor(
    (Math.max(0, panel.height - height) * { top: 0, middle: 1, bottom: 2 }[lookOf(panel).vertical]) / 2,
  )
