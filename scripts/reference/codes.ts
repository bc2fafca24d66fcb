import type { Language, Messages } from '../../agent/cli/messages/messages.ts'
import { type Code, LOCAL_FAULTS, type LocalFault, REASONS, REFUSALS } from '../../agent/core/codes.ts'

type PageWords = {
  readonly title: string
  readonly intro: string
  readonly head: readonly string[]
  readonly reasons: readonly [string, string]
  readonly refusals: readonly [string, string]
  readonly local: readonly [string, string]
}

const WORDS: Readonly<Record<Language, PageWords>> = {
  en: {
    title: 'Codes',
    intro:
      'Made by `scripts/reference.ts` from `agent/core/codes.ts` and the words of the `loa` command. New codes may be added, none is renamed.\nIn Vietnamese: [codes.vi.md](codes.vi.md).',
    head: ['code', 'means', 'do'],
    reasons: ['Reasons and problems', 'In records (`reason`), heartbeats (`problems`) and events (`code`).'],
    refusals: [
      'Refusals',
      'Why a document or a command was not accepted: in `reported.rejected`, in replies and in events.',
    ],
    local: ['Faults of this machine', 'Shown by the `loa` command, never sent upstream.'],
  },
  vi: {
    title: 'Các mã',
    intro:
      'Do `scripts/reference.ts` tạo ra từ `agent/core/codes.ts` và lời của lệnh `loa`. Có thể thêm mã mới, không đổi tên mã cũ.\nTiếng Anh: [codes.md](codes.md).',
    head: ['mã', 'nghĩa là', 'làm gì'],
    reasons: ['Lý do và sự cố', 'Trong bản ghi (`reason`), tin trạng thái (`problems`) và sự kiện (`code`).'],
    refusals: [
      'Từ chối',
      'Vì sao một văn bản hay lệnh không được nhận: trong `reported.rejected`, trong trả lời và sự kiện.',
    ],
    local: ['Lỗi tại máy', 'Lệnh `loa` báo, không gửi về tỉnh.'],
  },
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [
    `| ${head.join(' | ')} |`,
    `|${'---|'.repeat(head.length)}`,
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
  ].join('\n')

const codeRows = (codes: Readonly<Partial<Record<Code, string>>>, { codes: means, actions }: Messages) =>
  (Object.keys(codes) as Code[]).map((code) => [`\`${code}\``, means[code], actions[code]])

/** Every stable code with what it means and what to do, as tables; new ones may come, none is renamed. */
export const codesPage = (say: Messages, language: Language): string => {
  const { title, intro, head, reasons, refusals, local } = WORDS[language]
  const section = ([name, where]: readonly [string, string], text: string): string =>
    `## ${name}\n\n${where}\n\n${text}\n`
  const localRows = (Object.keys(LOCAL_FAULTS) as LocalFault[]).map((code) => [
    `\`${code}\``,
    say.localFaults[code],
    say.next[code] ?? '',
  ])
  return [
    `# ${title}\n\n${intro}\n`,
    section(reasons, table(head, codeRows(REASONS, say))),
    section(refusals, table(head, codeRows(REFUSALS, say))),
    section(local, table(head, localRows)),
  ].join('\n')
}
