import type { SystemFiles } from './files.ts'

type Route = { readonly device: string; readonly metric: number }

const UP = 0x1
const REJECT = 0x200

const ipv4Default = (row: string): Route | undefined => {
  const [device, destination, , flags, , , metric, mask] = row.trim().split(/\s+/)
  if (device === undefined || destination !== '00000000' || mask !== '00000000') return undefined
  const bits = Number.parseInt(flags ?? '0', 16)
  return (bits & UP) === 0 || (bits & REJECT) !== 0 ? undefined : { device, metric: Number(metric) }
}

const ipv6Default = (row: string): Route | undefined => {
  const [destination, length, , , , metric, , , flags, device] = row.trim().split(/\s+/)
  if (device === undefined || destination !== '0'.repeat(32) || length !== '00') return undefined
  const bits = Number.parseInt(flags ?? '0', 16)
  const usable = (bits & UP) !== 0 && (bits & REJECT) === 0 && device !== 'lo'
  return usable ? { device, metric: Number.parseInt(metric ?? '0', 16) } : undefined
}

const best = (routes: readonly (Route | undefined)[]): Route | undefined =>
  routes.filter((route) => route !== undefined).sort((a, b) => a.metric - b.metric)[0]

/** A modem that passes itself off as a network card (RNDIS, ECM) cannot be told from one. */
const kindOf = (files: SystemFiles, device: string): string => {
  const inside = files.list(`/sys/class/net/${device}`)
  if (inside.includes('wireless') || inside.includes('phy80211')) return 'wifi'
  const uevent = files.text(`/sys/class/net/${device}/uevent`) ?? ''
  if (/^DEVTYPE=wwan$/m.test(uevent) || /^(?:wwan|ppp)/.test(device)) return 'cellular'
  if (/^DEVTYPE=wireguard$/m.test(uevent) || /^(?:tun|tap|wg)/.test(device)) return 'vpn'
  return 'ethernet'
}

/** What carries the default route: `ethernet`, `wifi`, `cellular`, `vpn`, or `none`. IPv4 is asked first. */
export const readBearer = (files: SystemFiles): string => {
  const ipv4 = best((files.text('/proc/net/route') ?? '').split('\n').slice(1).map(ipv4Default))
  const route = ipv4 ?? best((files.text('/proc/net/ipv6_route') ?? '').split('\n').map(ipv6Default))
  return route === undefined ? 'none' : kindOf(files, route.device)
}
