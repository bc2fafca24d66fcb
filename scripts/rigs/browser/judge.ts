import type { PageTab } from './page-tab.ts'

const MOST_STOPS = 40
/** Letters with two marks, and those that only Vietnamese has. */
const LETTERS = 'ăâđêôơưắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữựỹỵƯỚỆ'
const CONTROLS = new Set([
  'link',
  'button',
  'textbox',
  'image',
  'img',
  'progressindicator',
  'DisclosureTriangle',
  'disclosuretriangle',
  'region',
])

/** Contrast of every text with what is behind it, by WCAG 2.2, 1.4.3; what is less than it has to be. */
const CONTRAST = `(() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number)
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const behind = (element) => {
    const layers = []
    for (let each = element; each; each = each.parentElement) {
      const [r, g, b, a = 1] = rgb(getComputedStyle(each).backgroundColor)
      if (a > 0) layers.push([r, g, b, a])
      if (a === 1) break
    }
    return layers.reverse().reduce((under, [r, g, b, a]) => under.map((v, i) => v * (1 - a) + [r, g, b][i] * a), [255, 255, 255])
  }
  const poor = []
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '')
    if (!own || element.closest('script,style,noscript') || !element.checkVisibility()) continue
    const style = getComputedStyle(element)
    const [a, b] = [light(rgb(style.color)), light(behind(element))]
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    const size = parseFloat(style.fontSize)
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5
    if (ratio < least) poor.push(element.textContent.trim().slice(0, 40) + ' ' + ratio.toFixed(2))
  }
  return poor
})()`

/** Letters that come out as the box of a letter that no font has. */
const BOXES = `(() => {
  const canvas = document.createElement('canvas')
  const [pen] = [canvas.getContext('2d', { willReadFrequently: true })]
  canvas.width = canvas.height = 40
  const drawn = (letter) => {
    pen.clearRect(0, 0, 40, 40)
    pen.font = '24px ' + getComputedStyle(document.body).fontFamily
    pen.fillText(letter, 4, 30)
    return pen.getImageData(0, 0, 40, 40).data.join()
  }
  const box = drawn('\\uffff')
  const blank = drawn(' ')
  return [...'${LETTERS}'].filter((letter) => [box, blank].includes(drawn(letter)))
})()`

const HEADINGS = `[...document.querySelectorAll('h1,h2,h3,h4')].filter((each) => each.checkVisibility()).map((each) => Number(each.tagName[1]))`
const REACHABLE = `[...document.querySelectorAll('a[href],summary,input:not([type=hidden]),button')].filter((each) => each.checkVisibility()).map((each) => each.id || each.tagName)`
const FOCUSED = `(() => {
  const each = document.activeElement
  if (!each || each === document.body) return null
  const { outlineStyle, outlineWidth } = getComputedStyle(each)
  const { left, right, top, bottom } = each.getBoundingClientRect()
  return {
    id: each.id || each.tagName,
    seen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && right > 0 && bottom > 0 && left < innerWidth && top < innerHeight,
  }
})()`

const keyboard = async (tab: PageTab): Promise<readonly string[]> => {
  const wanted = await tab.value<readonly string[]>(REACHABLE)
  const reached = new Set<string>()
  const faults: string[] = []
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await tab.press('Tab')
    const at = await tab.value<{ readonly id: string; readonly seen: boolean } | null>(FOCUSED)
    if (at === null) break
    if (reached.has(at.id)) break
    reached.add(at.id)
    if (!at.seen) faults.push(`focus on ${at.id} is not seen`)
  }
  return [
    ...faults,
    ...wanted.filter((id) => !reached.has(id)).map((id) => `the Tab key does not reach ${id}`),
  ]
}

const headings = (levels: readonly number[]): readonly string[] => [
  ...(levels.filter((level) => level === 1).length === 1 ? [] : ['not one h1']),
  ...levels
    .filter((level, index) => index > 0 && level > (levels[index - 1] ?? 0) + 1)
    .map((level) => `an h${level} after a gap`),
]

/** Width of the page beyond that of the window. */
export const overflow = async (tab: PageTab): Promise<readonly string[]> => {
  const [needs, has] = await tab.value<readonly [number, number]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  )
  return needs > has ? [`${needs} px wide in ${has}`] : []
}

/** Everything that can be said of the page that is open without looking at it. */
export const judge = async (tab: PageTab, language: string): Promise<readonly string[]> => {
  const lang = await tab.value<string>('document.documentElement.lang')
  const told = await tab.told()
  const boxes = await tab.value<readonly string[]>(BOXES)
  const poor = await tab.value<readonly string[]>(CONTRAST)
  return [
    ...(lang === language ? [] : [`lang is ${lang}`]),
    ...headings(await tab.value<readonly number[]>(HEADINGS)),
    ...told
      .filter(({ role, name }) => CONTROLS.has(role) && name.trim() === '')
      .map(({ role }) => `a ${role} without a name`),
    ...boxes.map((letter) => `no letter ${letter}`),
    ...poor.map((text) => `poor contrast: ${text}`),
    ...(await overflow(tab)),
    ...(await keyboard(tab)),
    ...tab.complaints.splice(0).map((complaint) => `the browser complains: ${complaint}`),
  ]
}
