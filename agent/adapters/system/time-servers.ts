import { createSystemFiles } from './files.ts'

const TIMESYNCD = ['/etc/systemd/timesyncd.conf', '/etc/systemd/timesyncd.conf.d'] as const
const CHRONY = [
  '/etc/chrony/chrony.conf',
  '/etc/chrony/conf.d',
  '/etc/chrony/sources.d',
  '/run/chrony-dhcp',
] as const

/** `NTP=` before `FallbackNTP=`; what is built in stands in the file as a comment. @see timesyncd.conf(5) */
const ofTimesyncd = (text: string): readonly string[] =>
  ['NTP', 'FallbackNTP', '#FallbackNTP'].flatMap((key) =>
    [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].flatMap(([, hosts = '']) =>
      hosts.split(/\s+/).filter((host) => host !== ''),
    ),
  )

/** @see chrony.conf(5) */
const ofChrony = (text: string): readonly string[] =>
  [...text.matchAll(/^\s*(?:server|pool|peer)\s+(\S+)/gm)].map(([, host = '']) => host)

/** Hosts that systemd-timesyncd and chrony are told to ask, or ask by themselves as far as their files say so. */
export const timeServersIn = (root: string): readonly string[] => {
  const files = createSystemFiles(root === '' ? '/' : root)
  const textsOf = (paths: readonly string[]): string =>
    paths
      .flatMap((path) => [path, ...files.list(path).map((name) => `${path}/${name}`)])
      .flatMap((path) => files.text(path) ?? [])
      .join('\n')
  return [...new Set([...ofTimesyncd(textsOf(TIMESYNCD)), ...ofChrony(textsOf(CHRONY))])]
}
