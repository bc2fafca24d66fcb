import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder that stands for `/`, with what the kernel would show in /sys and /proc. */
export class KernelFiles implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'loa-kernel-'))

  put(files: Readonly<Record<string, string | number>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true })
      writeFileSync(join(this.root, path), `${content}\n`)
    }
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true })
  }

  /** Reading it is an input/output error: nothing is mapped at address 0. */
  breakFile(path: string): void {
    unlinkSync(join(this.root, path))
    symlinkSync('/proc/self/mem', join(this.root, path))
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

const THERMAL = '/sys/class/thermal'

/** What a Raspberry Pi 5 with an eMMC, a fan, a battery and an ADS1015 would show when all is well. */
export const WELL: Readonly<Record<string, string | number>> = {
  [`${THERMAL}/thermal_zone0/type`]: 'gpu-thermal',
  [`${THERMAL}/thermal_zone0/temp`]: 99_000,
  [`${THERMAL}/thermal_zone1/type`]: 'cpu-thermal',
  [`${THERMAL}/thermal_zone1/temp`]: 48_312,
  [`${THERMAL}/cooling_device0/type`]: 'pwm-fan',
  [`${THERMAL}/cooling_device0/cur_state`]: 2,
  [`${THERMAL}/cooling_device1/type`]: 'cpufreq-cpu0',
  [`${THERMAL}/cooling_device1/cur_state`]: 0,
  '/sys/devices/platform/soc/soc:firmware/get_throttled': '0',
  '/sys/class/hwmon/hwmon0/name': 'rpi_volt',
  '/sys/class/hwmon/hwmon0/in0_lcrit_alarm': 0,
  '/sys/class/hwmon/hwmon1/name': 'ina219',
  '/sys/class/hwmon/hwmon1/in1_input': 12_400,
  '/sys/class/hwmon/hwmon1/curr1_input': 830,
  '/sys/class/hwmon/hwmon2/name': 'pwmfan',
  '/sys/class/hwmon/hwmon2/fan1_input': 2400,
  '/sys/class/hwmon/hwmon2/pwm1': 120,
  '/sys/bus/iio/devices/iio:device0/name': 'ads1015',
  '/sys/bus/iio/devices/iio:device0/in_voltage0_raw': 1033,
  '/sys/bus/iio/devices/iio:device0/in_voltage0_scale': 2,
  '/sys/class/power_supply/bat0/type': 'Battery',
  '/sys/class/power_supply/bat0/capacity': 87,
  '/sys/class/power_supply/mouse/type': 'Battery',
  '/sys/class/power_supply/mouse/scope': 'Device',
  '/sys/class/power_supply/mouse/capacity': 3,
  '/sys/class/power_supply/ac/type': 'Mains',
  '/sys/class/power_supply/ac/online': 1,
  '/sys/fs/ext4/mmcblk0p2/errors_count': 0,
  '/sys/fs/ext4/features/lazy_itable_init': 'supported',
  '/sys/block/mmcblk0/device/life_time': '0x03 0x00',
  '/sys/block/mmcblk0/device/pre_eol_info': '0x01',
  '/proc/meminfo': 'MemTotal:        1000000 kB\nMemFree:          10000 kB\nMemAvailable:     319488 kB',
  '/proc/pressure/memory':
    'some avg10=0.00 avg60=1.50 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.50 avg300=0.00 total=0',
  '/proc/loadavg': '2.00 0.80 0.60 1/200 1234',
  '/sys/devices/system/cpu/online': '0,2-4',
}
