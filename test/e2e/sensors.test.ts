import { expect, test } from 'vitest'
import { KernelFiles, WELL } from '../fakes/kernel-files.ts'
import { Bench } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'

const LONG = 60_000
const CPU = '/sys/class/thermal/thermal_zone1/temp'
const RAW = '/sys/bus/iio/devices/iio:device0/in_voltage0_raw'

type Fields = Readonly<Record<string, unknown>>
const problemsOf = ({ problems }: Fields): readonly unknown[] => (Array.isArray(problems) ? problems : [])

test(
  'heat is told when it begins and when it is over, and a converter that answers nonsense once',
  async () => {
    using kernel = new KernelFiles()
    kernel.put(WELL)
    const wired = { device: 'ads1015', channel: 'voltage0' }
    await using bench = await Bench.open({
      board: {
        amplifiers: [
          {
            id: 'main',
            driver: 'virtual',
            speakerLine: { driver: 'hwmon', device: 'ina219', channel: 'curr1' },
          },
        ],
        sensors: {
          root: kernel.root,
          everySeconds: 1,
          temperature: { maxC: 80, backC: 75, holdSeconds: 1 },
          supply: { ...wired, divider: 6, minVolts: 11, backVolts: 11.5 },
        },
      },
      config: { heartbeat: { intervalSeconds: 1 } },
    })
    const { agent, observer } = bench
    const events = (code: string): readonly Fields[] =>
      observer.records.filter((record) => record['code'] === code)
    await agent.start()
    const well = await observer.until('heartbeat', 'what the sensors say', ({ cpuC }) => cpuC === 48.312)
    expect(well['power']).toEqual({ mains: true, volts: 12.396 })
    expect(problemsOf(well)).toEqual(['SIGNATURES_OFF'])
    expect((await agent.loa('status')).stdout).toMatch(
      /processor 48\.3 °C, supply 12\.4 V.*\n(.*\n)*.*main learning \(0 %\)/,
    )
    expect((await agent.loa('amp', 'learn', 'main')).code).toBe(0)
    expect((await agent.loa('play', '--tone', '440', '--seconds', '3', '--volume', '100')).code).toBe(0)
    const { main } = (await agent.status()).lines
    expect(main).toMatchObject({ state: 'learning', learnedPercent: expect.any(Number) })
    expect(main?.learnedPercent).toBeGreaterThan(0)

    kernel.put({ [CPU]: 85_000, [RAW]: 'nan' })
    const ill = await observer.until('heartbeat', 'heat and a broken sensor', (heartbeat) =>
      ['TEMPERATURE', 'SENSOR'].every((code) => problemsOf(heartbeat).includes(code)),
    )
    expect(ill['health']).toBe('degraded')
    const { stdout } = await agent.loa('doctor')
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('the board is too hot: the processor has 85 °C')
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('in_voltage0_raw says "nan"')

    kernel.put({ [CPU]: 60_000 })
    await observer.until(
      'heartbeat',
      'no heat, and still a broken sensor',
      (heartbeat) =>
        !problemsOf(heartbeat).includes('TEMPERATURE') && problemsOf(heartbeat).includes('SENSOR'),
    )
    await eventually('the end of the heat is there', () => events('TEMPERATURE')[1])
    expect(events('TEMPERATURE')).toMatchObject([
      { severity: 'warning', data: { source: 'cpu', state: 'fault', value: 85 } },
      { severity: 'info', data: { source: 'cpu', state: 'ok', value: 60 } },
    ])
    expect(events('SENSOR')).toMatchObject([{ data: { source: 'sensor supply', state: 'fault' } }])

    kernel.remove('/sys')
    kernel.remove('/proc')
    await eventually('everything is gone, and the agent is still there', async () => {
      const { problems, sensors } = await agent.status()
      return (
        (problems.some(({ code }) => code === 'SENSOR') && Object.keys(sensors).length === 0) || undefined
      )
    })
    await eventually('what vanished is told, each once', () => events('SENSOR').length > 10 || undefined)
    const sources = events('SENSOR').map(({ data }) => (data as Fields)['source'])
    expect(new Set(sources).size).toBe(sources.length)
  },
  LONG,
)
