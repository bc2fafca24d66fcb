/** A channel of an analogue converter or a monitor chip, as the kernel names it. */
export type ChannelSource = {
  /** Where the kernel shows it: `iio` below /sys/bus/iio/devices, `hwmon` below /sys/class/hwmon. */
  readonly driver: 'iio' | 'hwmon'
  /** What its file `name` or `label` says, or the folder itself. */
  readonly device: string
  /** `voltage0` or `current0` of iio, `in1` or `curr1` of hwmon. */
  readonly channel: string
}

/** Bad beyond one value, well again beyond the other, each for so long. */
type Held = { readonly holdSeconds: number }

export type SensorsConfig = {
  /** The folder that holds `sys` and `proc`. */
  readonly root: string
  readonly everySeconds: number
  readonly temperature: { readonly maxC: number; readonly backC: number } & Held
  readonly supply?: {
    /** How many times the voltage at the pin the supply is. */
    readonly divider: number
    readonly minVolts: number
    readonly backVolts: number
  } & ChannelSource &
    Held
  readonly current?: {
    /** What the channel reads, in its own unit, when nothing flows. */
    readonly zero: number
    /** Amperes for each unit of the channel: 1 of a current channel. */
    readonly factor: number
  } & ChannelSource
  readonly battery: { readonly minPercent: number; readonly backPercent: number } & Held
  readonly fan: { readonly minRpm: number } & Held
  readonly storage: { readonly maxWearPercent: number }
  readonly memory: { readonly minMb: number; readonly backMb: number } & Held
  readonly load: { readonly max: number; readonly back: number } & Held
}

/** Where the current of an amplifier's loudspeaker line is read, and what of the learned load is suspect. */
export type LineConfig = {
  /** Below this share of the learned load the line may be open. */
  readonly openBelow: number
  /** Above this multiple of the learned load it may be short-circuited. */
  readonly shortAbove: number
} & ChannelSource
