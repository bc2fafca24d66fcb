import type { AgentConfig } from '../configuration.ts'
import type { DesiredConfig, Policy } from '../documents.ts'
import type { DeviceScope } from '../schedule/item.ts'

/** The part of the configuration that `desired` may change, as it is in force. */
export type EffectiveConfig = {
  readonly policy: Policy
  readonly groups: readonly string[]
  readonly heartbeat: { readonly intervalSeconds: number }
  /** Master volume that `desired` asks for; undefined when it says nothing. */
  readonly volume: number | undefined
  readonly languages: readonly [string, ...string[]]
}

const orElse = (
  languages: readonly string[] | undefined,
  fallback: readonly [string, ...string[]],
): readonly [string, ...string[]] => {
  const [first, ...rest] = languages ?? []
  return first === undefined ? fallback : [first, ...rest]
}

/** A key given by `desired`, in `policy` each of its keys, replaces that of agent.yaml. @see contract, section 3, desired */
export const effectiveConfig = (
  own: Pick<AgentConfig, 'device' | 'policy' | 'heartbeat'>,
  desired: DesiredConfig | undefined,
): EffectiveConfig => ({
  policy: { ...own.policy, ...desired?.policy },
  groups: desired?.groups ?? own.device.groups,
  heartbeat: desired?.heartbeat ?? own.heartbeat,
  volume: desired?.volume,
  languages: orElse(desired?.languages, own.device.languages),
})

/** How schedules see this device. */
export const deviceScope = (id: string, config: EffectiveConfig): DeviceScope => ({
  id,
  groups: config.groups,
  languages: config.languages,
})
