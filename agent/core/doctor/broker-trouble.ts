/** What kind of trouble keeps a broker away, as far as its fault tells. */
export type BrokerTrouble = 'name' | 'refused' | 'route' | 'timeout' | 'access' | 'tls' | 'other'

const SIGNS: readonly (readonly [RegExp, BrokerTrouble])[] = [
  [/ENOTFOUND|EAI_AGAIN/, 'name'],
  [/ECONNREFUSED/, 'refused'],
  [/EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|timed? ?out|no connection within/i, 'route'],
  [/does not let this device in/, 'access'],
  [/certificate|TLS|mqtts?:\/\/ needs/, 'tls'],
]

export const brokerTrouble = (detail: string): BrokerTrouble =>
  SIGNS.find(([sign]) => sign.test(detail))?.[1] ?? 'other'

const DEFAULT_PORTS: Readonly<Record<string, string>> = { mqtt: '1883', mqtts: '8883' }

/** Host and port of the broker that a fault begins with, ready for a shell. */
export const brokerAddress = (detail: string): { readonly host: string; readonly port: string } => {
  const [, scheme = 'mqtts', host = 'HOST', port] =
    /^(mqtts?):\/\/(\[[0-9a-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d+))?/i.exec(detail) ?? []
  return { host: host.replaceAll(/[[\]]/g, ''), port: port ?? DEFAULT_PORTS[scheme] ?? '8883' }
}
