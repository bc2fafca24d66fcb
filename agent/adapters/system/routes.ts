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

const devicesOf = (routes: readonly (Route | undefined)[]): readonly string[] =>
  routes
    .filter((route) => route !== undefined)
    .sort((a, b) => a.metric - b.metric)
    .map(({ device }) => device)

/** Network devices with a default route, in the order in which the kernel prefers them. IPv4 is asked first. */
export const defaultDevices = (files: SystemFiles): readonly string[] => [
  ...devicesOf((files.text('/proc/net/route') ?? '').split('\n').slice(1).map(ipv4Default)),
  ...devicesOf((files.text('/proc/net/ipv6_route') ?? '').split('\n').map(ipv6Default)),
]
