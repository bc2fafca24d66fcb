import { access, constants, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { messageOf } from '../../core/error.ts'
import { type Call, usage } from '../call.ts'

export type ReportFiles = { readonly json: string; readonly html: string }

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  )

/** Where the report goes: both files beside one another, in a folder that can be written. @throws USAGE before anything is tried */
export const reportFiles = async (
  call: Call,
  asked: string | undefined,
  name: string,
): Promise<ReportFiles> => {
  const inFolder = asked !== undefined && (await isFolder(asked))
  const path = asked === undefined ? name : inFolder ? join(asked, name) : asked
  const base = path.replace(/\.(html?|json)$/i, '')
  const folder = dirname(resolve(base))
  await access(folder, constants.W_OK).catch((error: unknown) => {
    throw usage(call.say.selftest.notWritable(folder, messageOf(error)))
  })
  return { json: `${base}.json`, html: /\.html?$/i.test(path) ? path : `${base}.html` }
}

export const writeReport = async (
  call: Call,
  files: ReportFiles,
  texts: { readonly json: string; readonly html: string },
): Promise<void> => {
  try {
    await writeFile(files.json, texts.json)
    await writeFile(files.html, texts.html)
  } catch (error) {
    throw usage(call.say.selftest.notWritable(dirname(resolve(files.json)), messageOf(error)))
  }
}
