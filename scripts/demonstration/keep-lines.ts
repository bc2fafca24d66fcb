import { join } from 'node:path'
import type { Province } from '../source-system/province.ts'
import { AREA } from './device-files.ts'
import type { DemoFolder } from './folder.ts'
import { PROJECT } from './project.ts'

const quoted = (text: string): string =>
  /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

/** What a person can type in another terminal while the demo stays. */
export const keepLines = (folder: DemoFolder, province: Province): readonly string[] => {
  const loa = (verb: string): string =>
    `  ${quoted(join(PROJECT, 'scripts/loa'))} ${verb} --config ${quoted(folder.agentYaml)}`
  const script = quoted(join(PROJECT, 'scripts/province'))
  const key = join(folder.province, 'keys', `c-${AREA.replace('/', '-')}.jwk`)
  return [
    'The demo stays until Ctrl-C. In another terminal:',
    loa('status --watch'),
    loa('schedule'),
    loa('media'),
    loa('log'),
    loa('play --tone 440 --seconds 3'),
    'A notice of your own, in ten seconds:',
    `  ${script} schedule --in 10 --id thu --text 'Xin chào bà con' \\`,
    `    --audio ${quoted(join(folder.province, 'notice.mp3'))} --content ${province.content.origin} --content-dir ${quoted(province.contentDirectory)} |`,
    `    ${script} publish --url ${province.brokerUrl} --protocol ${province.protocol} --key ${quoted(key)} -`,
  ]
}
