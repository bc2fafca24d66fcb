import type { Frame } from '../../../agent/ports/signboard.ts'

const LED = 8
const RADIUS = 3.4
const BOARD = [18, 18, 18] as const
const DARK_LED = [34, 32, 30] as const
const ONE_COLOR = [255, 191, 0] as const

/** Which of the pixels of one LED's square belong to its round dot. */
const DOT: readonly boolean[] = Array.from({ length: LED * LED }, (_, i) => {
  const [dx, dy] = [(i % LED) - (LED - 1) / 2, Math.floor(i / LED) - (LED - 1) / 2]
  return dx * dx + dy * dy <= RADIUS * RADIUS
})

type Picture = { readonly width: number; readonly height: number; readonly data: Uint8Array }

/** The panel as a person sees it: every LED a round dot of 8 x 8 pixels, RGB888. */
export const pictureOf = (frame: Frame, color: 'rgb' | 'mono'): Picture => {
  const width = frame.width * LED
  const data = new Uint8Array(width * frame.height * LED * 3)
  for (let i = 0; i < frame.width * frame.height; i += 1) {
    const left = (i % frame.width) * LED
    const top = Math.floor(i / frame.width) * LED
    drawLed(data, width, left, top, ledColor(frame.rgb.subarray(i * 3, i * 3 + 3), color))
  }
  return { width, height: frame.height * LED, data }
}

const ledColor = (pixel: Uint8Array, color: 'rgb' | 'mono'): ArrayLike<number> => {
  if (pixel.every((value) => value === 0)) return DARK_LED
  return color === 'mono' ? ONE_COLOR : pixel
}

const drawLed = (
  data: Uint8Array,
  width: number,
  left: number,
  top: number,
  color: ArrayLike<number>,
): void => {
  for (let i = 0; i < DOT.length; i += 1) {
    const at = ((top + Math.floor(i / LED)) * width + left + (i % LED)) * 3
    data.set(DOT[i] === true ? color : BOARD, at)
  }
}
