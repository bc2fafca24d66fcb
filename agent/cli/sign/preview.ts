import { readFile, writeFile } from 'node:fs/promises'
import { pngOf } from '../../../drivers/png/png.ts'
import type { Page, PageMode } from '../../core/documents.ts'
import { messageOf } from '../../core/error.ts'
import type { PagePanel } from '../../core/sign/look.ts'
import { type LaidPage, layTextPage, type PageFault } from '../../core/sign/page.ts'
import { pictureText } from '../../core/sign/picture-page.ts'
import { decodeBase64url } from '../../wire/base64url.ts'
import { parseDocument } from '../../wire/documents.ts'
import { type Call, print, printJson, textOption, usage } from '../call.ts'
import type { ExitCode } from '../io.ts'
import { halfBlocks } from './half-blocks.ts'
import { picturesOf } from './pictures-of-page.ts'
import { contactSheet } from './sheet.ts'

type Shown = { readonly label: string; readonly page: LaidPage }

const SIZE = /^([1-9]\d{0,3})x([1-9]\d{0,3})$/
const LARGEST = { width: 2048, height: 1024 }
/** No sign is faster: a text that has to scroll is shown as it scrolls. */
const FRAMES_PER_SECOND = 30
/** A sheet of more would not be looked at, and takes memory. */
const MOST_PAGES = 60

const panelOf = (call: Call): PagePanel => {
  const text = textOption(call, 'size') ?? '64x16'
  const [, width, height] = (SIZE.exec(text) ?? []).map(Number)
  if (width === undefined || height === undefined || width > LARGEST.width || height > LARGEST.height)
    throw usage(call.say.sign.badSize(text))
  return { width, height, framesPerSecond: FRAMES_PER_SECOND }
}

/** The picture of a page is on the device: its place is shown. */
const layAnyPage = (page: Page, panel: PagePanel): LaidPage =>
  layTextPage(
    'text' in page
      ? page
      : {
          text: pictureText(page.image.sha256),
          color: 'gray',
          mode: 'flip' satisfies PageMode,
          seconds: page.seconds,
        },
    panel,
  )

/** A schedule as it is published: bare, or in a compact JWS, whose signature is not judged here. */
const payloadOf = (bytes: Uint8Array): Uint8Array => {
  const parts = Buffer.from(bytes).toString('latin1').trim().split('.')
  const payload = parts.length === 3 ? decodeBase64url(parts[1] ?? '') : undefined
  return payload ?? bytes
}

const ofSchedule = async (call: Call, file: string, panel: PagePanel): Promise<readonly Shown[]> => {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw usage(call.say.faults.fileUnreadable(file, messageOf(error)))
  })
  const { items } = parseDocument('schedule', payloadOf(bytes))
  return items.flatMap(({ id, sign }) =>
    (sign?.pages ?? []).map((page, i) => ({
      label: `${id} ${i + 1} (${page.seconds} s)`,
      page: layAnyPage(page, panel),
    })),
  )
}

const whatToShow = async (
  call: Call,
  page: Page | undefined,
  panel: PagePanel,
): Promise<readonly Shown[]> => {
  const file = textOption(call, 'schedule')
  if (page !== undefined && file === undefined && 'text' in page)
    return [{ label: page.text, page: layAnyPage(page, panel) }]
  if (page === undefined && file !== undefined) return ofSchedule(call, file, panel)
  throw usage(call.say.usage.signWhat)
}

const faultText = (call: Call, fault: PageFault): string => {
  const { faults } = call.say.sign
  if (fault.kind === 'no-glyph') return `${faults[fault.kind]}: ${fault.characters.join(' ')}`
  return faults[fault.kind]
}

const show = (call: Call, { label, page }: Shown): void => {
  const colour = call.paint('bad', 'x') !== 'x'
  print(call, [label])
  for (const picture of picturesOf(page)) print(call, halfBlocks(picture, call.columns, colour))
  for (const fault of page.faults) print(call, [faultText(call, fault)])
}

const asData = ({ label, page }: Shown) => ({
  label,
  text: page.text,
  pictures: picturesOf(page).length,
  faults: page.faults,
})

/** `loa sign preview T | --schedule FILE`: what a sign of that size would show, here and without an agent. */
export const preview = async (call: Call, page: Page | undefined): Promise<ExitCode> => {
  const panel = panelOf(call)
  const shown = await whatToShow(call, page, panel)
  const png = textOption(call, 'png')
  if (png !== undefined) await writeSheet(call, png, shown)
  if (call.json)
    printJson(call, { size: { width: panel.width, height: panel.height }, png, pages: shown.map(asData) })
  else for (const each of png === undefined ? shown : []) show(call, each)
  return 0
}

const writeSheet = async (call: Call, png: string, shown: readonly Shown[]): Promise<void> => {
  const rows = shown.slice(0, MOST_PAGES).map(({ label, page }) => ({ label, pictures: picturesOf(page) }))
  if (rows.length === 0) throw usage(call.say.sign.noPages)
  await writeFile(png, pngOf(contactSheet(rows))).catch((error: unknown) => {
    throw usage(call.say.faults.fileUnreadable(png, messageOf(error)))
  })
  if (!call.json) print(call, [call.say.sign.written(png, rows.length)])
}
