import { createLookout } from '../adapters/http/lookout.ts'
import type { MqttBus } from '../adapters/mqtt/mqtt-bus.ts'
import type { ModemReading } from '../core/link/modem.ts'
import type { LinkReport } from '../core/link/report.ts'
import { createZone } from '../core/schedule/zone.ts'
import type { Condition } from '../services/condition.ts'
import { DataMeter } from '../services/data-meter.ts'
import type { Library } from '../services/library.ts'
import type { LibraryParts } from '../services/library-types.ts'
import { LinkWatch } from '../services/link-watch.ts'
import { ModemRestart } from '../services/modem-restart.ts'
import { ModemWatch } from '../services/modem-watch.ts'
import { Thrift } from '../services/thrift.ts'
import type { TimeKeeper } from '../services/time-keeper.ts'
import { WayWatch } from '../services/way-watch.ts'
import type { Ground } from './ground.ts'

/** Over what this device reaches out, how well, and what it costs. */
export function assembleLinks(
  { config, clock, machine, state, outside }: Ground,
  time: TimeKeeper,
  condition: () => Condition,
  onNewWay: () => void,
  stop: AbortSignal,
) {
  const { network } = config
  const zone = createZone(config.timezone)
  const modemWatch = new ModemWatch({ clock, modems: outside.modems, condition, stop })
  const links = outside.createLinks((device) => network.modems.includes(device) || modemWatch.owns(device))
  const linkWatch = new LinkWatch({ clock, links, condition, onNewWay })
  const dataMeter = new DataMeter({
    clock,
    time,
    zone,
    facts: state.facts,
    links,
    kernelBootId: machine.kernelBootId,
    billingDay: network.data?.billingDay ?? 1,
    monthlyMb: network.data?.monthlyMb,
    condition,
  })
  const thrift =
    network.data === undefined
      ? undefined
      : new Thrift({ clock, time, zone, way: () => linkWatch.way, night: network.data.night })
  const link = (): LinkReport => {
    const { bearer, device } = linkWatch.way
    const { modem } = modemWatch
    const ofWifi = bearer === 'wifi' && device !== undefined ? links.wifiDbm(device) : undefined
    const dbm = bearer === 'cellular' ? modem?.dbm : ofWifi
    return {
      bearer,
      ...(device === undefined ? {} : { device }),
      addresses: linkWatch.addresses,
      ...(dbm === undefined ? {} : { dbm }),
      ...(modem === undefined ? {} : { modem: shown(modem) }),
      ...(dataMeter.report === undefined ? {} : { data: dataMeter.report }),
    }
  }
  const tickLinks = (): void => {
    modemWatch.tick()
    linkWatch.tick()
    dataMeter.tick()
  }
  /** What the library is told of it. */
  const saving: Pick<LibraryParts, 'putOff'> =
    thrift === undefined ? {} : { putOff: (files) => thrift.putOff(files) }
  return { zone, linkWatch, modemWatch, dataMeter, saving, link, tickLinks }
}

const shown = ({ devices: _devices, ...told }: ModemReading): NonNullable<LinkReport['modem']> => told

/** What of all the rest has to do with the broker. */
type Connected = Pick<Ground, 'config' | 'clock' | 'outside'> &
  Pick<ReturnType<typeof assembleLinks>, 'linkWatch' | 'modemWatch'> & {
    readonly condition: Condition
    readonly library: Library
    readonly listeners: { newWay: () => void }
    readonly stop: AbortSignal
  }

/** Why no broker is connected, where it is the network, and what is done about it; and who is told of another way out. */
export const watchWay = (
  { config, clock, outside, linkWatch, modemWatch, condition, library, listeners, stop }: Connected,
  bus: Pick<MqttBus, 'connected' | 'newWay'>,
): { tick(): void } => {
  const { probe } = config.network
  const hosts = config.mqtt.urls.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ''))
  const wayWatch = new WayWatch({
    clock,
    lookout: createLookout({ hosts, ...(probe === undefined ? {} : { page: probe }) }),
    connected: () => bus.connected,
    way: () => linkWatch.way,
    condition,
    stop,
  })
  listeners.newWay = () => {
    bus.newWay()
    wayWatch.newWay()
    library.reconsider()
  }
  const modemRestart = new ModemRestart({
    clock,
    modems: outside.modems,
    hasModem: () => modemWatch.wasThere,
    way: () => linkWatch.way,
    connected: () => bus.connected,
    condition: () => condition,
    stop,
  })
  return {
    tick: () => {
      wayWatch.tick()
      modemRestart.tick()
    },
  }
}
