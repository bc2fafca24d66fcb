import { pngOf } from '../../../drivers/png/png.ts'
import type { SelftestStep, SignedReport } from '../../core/selftest/report.ts'
import { pictureOf } from '../../core/sign/dots.ts'
import { testPattern } from '../../core/sign/test-pattern.ts'
import type { Language, Messages } from '../messages/messages.ts'
import { escapeHtml } from '../text/escape-html.ts'
import { localTime } from '../text/time.ts'
import { plain } from '../text/width.ts'
import { factsOf, signatureWords } from './facts.ts'
import { type Sweep, sweepPicture } from './sweep-picture.ts'

export type PageOptions = {
  readonly say: Messages
  readonly language: Language
  readonly timezone: string
  /** Base name of the JSON file. */
  readonly jsonName: string
}

const STYLE = `@page{size:A4;margin:11mm 13mm}*{box-sizing:border-box}
body{font:9.5pt/1.25 sans-serif;color:#000;max-width:184mm;margin:0 auto}
h1{font-size:14pt;margin:0 0 1mm}h2{font-size:10.5pt;margin:2mm 0 .5mm}p{margin:1mm 0}
table{border-collapse:collapse;width:100%;margin-bottom:2mm}th,td{border:1px solid #888;padding:.6mm 1.5mm;text-align:left;vertical-align:top}
th{background:#eee}td{overflow-wrap:anywhere}.head th,.head td{border:0;padding:.2mm 3mm .2mm 0;background:none}.head th{width:1%;white-space:nowrap}
.verdict{font-size:12pt;font-weight:bold;border:2px solid;padding:1mm 2.5mm;margin:2mm 0}
.steps td:not(:last-child),.steps th:not(:last-child),.answers td:last-child,.answers th:last-child{width:1%;white-space:nowrap}
.ok{color:#060}.problem,.no{color:#b00;font-weight:bold}.absent,.skipped,.skip{color:#555}
.pictures{display:flex;flex-wrap:wrap;gap:2mm 4mm;align-items:flex-end}figure{margin:0;break-inside:avoid}
figure svg,figure img{max-width:88mm;max-height:38mm;width:auto;height:auto}.many figure svg,.many figure img{max-width:58mm;max-height:27mm}figcaption{font-size:8pt}
.hands{display:flex;gap:10mm;break-inside:avoid}.hands div{flex:1;border-top:1px solid;padding-top:.5mm;margin-top:16mm;font-size:8.5pt}
.mono{font:7.5pt monospace;overflow-wrap:anywhere;margin:0}`

/** More are drawn smaller, so that the page stays one. */
const FEW_PICTURES = 2

const text = (value: string): string => escapeHtml(plain(value))
const cell = (value: string, kind = ''): string =>
  kind === '' ? `<td>${text(value)}</td>` : `<td class="${kind}">${text(value)}</td>`
const row = (cells: readonly string[]): string => `<tr>${cells.join('')}</tr>`
const headings = (names: readonly string[]): string =>
  row(names.map((name) => `<th scope="col">${text(name)}</th>`))

const headTable = (report: SignedReport, { say, timezone }: PageOptions): string => {
  const { page } = say.selftest
  const { date, time } = localTime(report.at, timezone)
  const rows: readonly (readonly [string, string])[] = [
    [page.device, report.device],
    [page.place, `${report.province} / ${report.commune}`],
    [page.board, report.board],
    [page.version, `loa-agent ${report.agent}`],
    [page.time, `${date} ${time} (${timezone}), ${page.by[report.by]}`],
  ]
  return `<table class="head">${rows.map(([name, value]) => row([`<th scope="row">${text(name)}</th>`, cell(value)])).join('')}</table>`
}

const stepRow = (step: SelftestStep, say: Messages): string =>
  row([
    cell(say.selftest.steps[step.step](step.id ?? '')),
    cell(say.selftest.results[step.result], step.result),
    cell(factsOf(step, say)),
  ])

const stepTable = ({ steps }: SignedReport, { say }: PageOptions): string => {
  const { page } = say.selftest
  return `<table class="steps">${headings([page.step, page.result, page.found])}${steps.map((step) => stepRow(step, say)).join('')}</table>`
}

const answerTable = ({ answers }: SignedReport, { say }: PageOptions): string => {
  const { page, questions, answers: words } = say.selftest
  if (answers.length === 0) return ''
  const rows = answers.map(({ question, id, answer }) =>
    row([cell(questions[question](id ?? '')), cell(words[answer], answer)]),
  )
  return `<table class="answers">${headings([page.asked, page.answer])}${rows.join('')}</table>`
}

const sweepOf = ({ steps }: SignedReport): Sweep | undefined => {
  const { fromHz, toHz, seconds, heard } = steps.find(({ step }) => step === 'sweep')?.facts ?? {}
  if (typeof fromHz !== 'number' || typeof toHz !== 'number' || typeof seconds !== 'number') return undefined
  return { fromHz, toHz, seconds, ...(typeof heard === 'number' ? { heard } : {}) }
}

/** The pattern as the LEDs show it. */
const signFigure = ({ id = '', facts }: SelftestStep, { say }: PageOptions): string => {
  const { width, height, color } = facts
  if (typeof width !== 'number' || typeof height !== 'number') return ''
  const dots = pictureOf(testPattern({ width, height }), color === 'mono' ? 'mono' : 'rgb')
  const png = Buffer.from(pngOf(dots)).toString('base64')
  const words = text(say.selftest.page.sign(id))
  return `<figure><img alt="${words}" src="data:image/png;base64,${png}"><figcaption>${words}</figcaption></figure>`
}

const figures = (report: SignedReport, options: PageOptions): string => {
  const { say } = options
  const sweep = sweepOf(report)
  const drawn = [
    ...report.steps.filter(({ step }) => step === 'sign').map((step) => signFigure(step, options)),
    sweep === undefined
      ? ''
      : `<figure>${sweepPicture(sweep, say)}<figcaption>${text(say.selftest.page.sweep)}</figcaption></figure>`,
  ]
  const many = drawn.length > FEW_PICTURES ? ' many' : ''
  return `<div class="pictures${many}">${drawn.join('')}</div>`
}

const verdict = ({ ok, cut }: SignedReport, { say }: PageOptions): string => {
  const { selftest, codes } = say
  const why = cut === undefined ? '' : `${cut.code} - ${codes[cut.code]}${cut.item ? ` (${cut.item})` : ''}`
  const words = cut === undefined ? (ok ? selftest.fine : selftest.notFine) : selftest.cut(why)
  return `<p class="verdict ${ok ? 'ok' : 'problem'}">${text(words)}</p>`
}

const signatureLines = (report: SignedReport, { say, jsonName }: PageOptions): string => {
  const { selftest } = say
  const { signature } = report
  if (signature === undefined) return `<p class="problem">${text(signatureWords(report, say))}</p>`
  const [key, value] =
    signature.x5t === undefined ? ['kid', signature.kid ?? ''] : ['x5t#S256', signature.x5t]
  return [
    `<p>${text(signatureWords(report, say))}. ${text(selftest.page.hash(jsonName))}</p>`,
    `<p class="mono">${text(`${key} ${value}`)}</p>`,
    `<p class="mono">${text(signature.jws.split('.')[2] ?? '')}</p>`,
  ].join('')
}

/** One page to be printed: no script, nothing from elsewhere. */
export const reportPage = (report: SignedReport, options: PageOptions): string => {
  const { page } = options.say.selftest
  const title = text(`${page.title}: ${report.device}`)
  return [
    `<!doctype html><html lang="${options.language}"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    `<meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head><body>`,
    `<h1>${text(page.title)}</h1>`,
    headTable(report, options),
    verdict(report, options),
    stepTable(report, options),
    answerTable(report, options),
    report.remark === undefined ? '' : `<p><b>${text(page.remark)}:</b> ${text(report.remark)}</p>`,
    figures(report, options),
    `<h2>${text(page.signature)}</h2>`,
    signatureLines(report, options),
    `<div class="hands"><div>${text(page.installer)}</div><div>${text(page.commune)}</div></div>`,
    '</body></html>\n',
  ].join('\n')
}
