import { readFileSync, statSync } from 'node:fs'
import { isNode, LineCounter, parseDocument } from 'yaml'
import { messageOf } from '../../core/error.ts'
import { ConfigFault, type ConfigFaultEntry } from '../../wire/config-fault.ts'

/** Far above any real file; a larger one is a mistake. */
const MAX_BYTES = 262_144
/** A file with anchors may name each a few times; more is a bomb. */
const MAX_ALIASES = 32

const readText = (file: string): string => {
  try {
    const { size } = statSync(file)
    if (size > MAX_BYTES) throw new Error(`${size} bytes, at most ${MAX_BYTES} are taken`)
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (cause) {
    throw new ConfigFault(file, [{ path: '', message: messageOf(cause) }], { cause })
  }
}

const openYaml = (file: string, text: string) => {
  const lines = new LineCounter()
  try {
    return {
      lines,
      document: parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true }),
    }
  } catch (cause) {
    throw new ConfigFault(file, [{ path: '', message: messageOf(cause) }], { cause })
  }
}

type Opened = ReturnType<typeof openYaml>

const syntaxFaults = ({ document, lines }: Opened): readonly ConfigFaultEntry[] =>
  [...document.errors, ...document.warnings].map((error) => {
    const { line, col } = lines.linePos(error.pos[0])
    return { path: '', message: `${error.message} (line ${line}, column ${col})`, line, column: col }
  })

const documentValue = (file: string, { document }: Opened): unknown => {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (cause) {
    throw new ConfigFault(file, [{ path: '', message: messageOf(cause) }], { cause })
  }
}

/** The nearest thing of a path that stands in the file; a missing key is where its parent begins. */
const placeOf = ({ document, lines }: Opened, path: string): { line: number; column: number } | undefined => {
  const keys = path === '' ? [] : path.split('.')
  for (let length = keys.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(keys.slice(0, length), true)
    const range = isNode(node) ? node.range : undefined
    if (range) {
      const { line, col } = lines.linePos(range[0])
      return { line, column: col }
    }
  }
  return undefined
}

/**
 * Gives the value of a YAML text to `read`; faults of either carry line and column. `file` is what the text is called.
 * @throws ConfigFault with every fault at once
 */
export const readYamlText = <T>(file: string, text: string, read: (value: unknown, file: string) => T): T => {
  const opened = openYaml(file, text)
  const syntax = syntaxFaults(opened)
  if (syntax.length > 0) throw new ConfigFault(file, syntax)
  try {
    return read(documentValue(file, opened), file)
  } catch (fault) {
    if (!(fault instanceof ConfigFault)) throw fault
    throw new ConfigFault(
      file,
      fault.faults.map((entry) => ({ ...entry, ...placeOf(opened, entry.path) })),
      { cause: fault.cause },
    )
  }
}

/** Reads one YAML file as `readYamlText` does. @throws ConfigFault with every fault at once */
export const readYaml = <T>(file: string, read: (value: unknown, file: string) => T): T =>
  readYamlText(file, readText(file), read)
