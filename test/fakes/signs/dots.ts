/** A panel of one colour as a person sees it. */
export const drawn = (width: number, height: number, isLit: (x: number, y: number) => boolean): string =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (__, x) => (isLit(x, y) ? '#' : '.')).join(''),
  ).join('\n')

/** What of a frame is lit. */
export const litOf =
  ({ width, height }: { readonly width: number; readonly height: number }) =>
  (rgb: Uint8Array): string =>
    drawn(width, height, (x, y) => (rgb[(y * width + x) * 3] ?? 0) > 0)
