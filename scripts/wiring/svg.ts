const SANS = "'Noto Sans', 'DejaVu Sans', sans-serif"
const MONO = "'Noto Sans Mono', 'DejaVu Sans Mono', monospace"

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Two decimals, and none where they are zero, so that the same picture is always the same text. */
const number = (value: number): string => `${Math.round(value * 100) / 100}`

type TextLook = {
  readonly size: number
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly color?: string
  readonly mono?: boolean
}

const text = (x: number, y: number, content: string, look: TextLook, weight: string): string => {
  const { size, anchor = 'start', color = '#000', mono = false } = look
  const place = `x="${number(x)}" y="${number(y)}" text-anchor="${anchor}"`
  const font = `font-family="${mono ? MONO : SANS}" font-size="${size}" font-weight="${weight}"`
  return `<text ${place} ${font} fill="${color}">${escaped(content)}</text>`
}

export const plainText = (x: number, y: number, content: string, look: TextLook): string =>
  text(x, y, content, look, 'normal')
export const bold = (x: number, y: number, content: string, look: TextLook): string =>
  text(x, y, content, look, 'bold')

const stroke = (width: number, dash?: string): string =>
  `stroke="#000" stroke-width="${width}"${dash === undefined ? '' : ` stroke-dasharray="${dash}"`}`

export const line = (x1: number, y1: number, x2: number, y2: number, width: number, dash?: string): string =>
  `<line x1="${number(x1)}" y1="${number(y1)}" x2="${number(x2)}" y2="${number(y2)}" ${stroke(width, dash)}/>`

export const box = (
  x: number,
  y: number,
  width: number,
  height: number,
  strokeWidth: number,
  dash?: string,
): string =>
  `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" rx="4" fill="#fff" ${stroke(strokeWidth, dash)}/>`

export const circle = (x: number, y: number, radius: number, fill: string, width: number): string =>
  `<circle cx="${number(x)}" cy="${number(y)}" r="${number(radius)}" fill="${fill}" ${stroke(width)}/>`

export const square = (x: number, y: number, radius: number, fill: string, width: number): string =>
  `<rect x="${number(x - radius)}" y="${number(y - radius)}" width="${number(2 * radius)}" height="${number(2 * radius)}" fill="${fill}" ${stroke(width)}/>`

export const document = (width: number, height: number, title: string, marks: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${number(width)} ${number(height)}" width="${number(width)}" height="${number(height)}">`,
    `<title>${escaped(title)}</title>`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    ...marks,
    '</svg>',
    '',
  ].join('\n')
