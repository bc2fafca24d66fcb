import type { VolumeCap } from './documents.ts'
import type { SignSettings } from './sign/settings.ts'

type Panel = { readonly id: string; readonly width: number; readonly height: number }

/** Caps of brightness in percent by local time; the lowest counts, without any the panel is at full brightness. */
type Dimmable = { readonly brightness?: readonly VolumeCap[] }

type OnPort = { readonly port: string; readonly baud: number }

/** LEDs in one strip through the panel. */
type Strip = OnPort &
  Dimmable & {
    readonly color: 'rgb' | 'mono'
    /** How the LED strip runs: every row from the left, or there and back. */
    readonly layout: 'rows' | 'serpentine'
  }

/** How a local maker's controller wants its pixels. Byte strings are in hex. */
type GenericSerial = OnPort &
  Dimmable & {
    readonly dataBits: 7 | 8
    readonly parity: 'none' | 'even'
    readonly stopBits: 1 | 2
    readonly pixels: {
      readonly format: 'mono' | 'rgb565' | 'rgb888'
      /** In which order rows come, and whether every second one runs backwards. */
      readonly rows: 'top-down' | 'bottom-up'
      readonly layout: 'rows' | 'serpentine' | 'columns'
      /** mono: which bit of a byte is the first pixel. rgb565: which byte of a pixel comes first. */
      readonly first: 'high' | 'low'
      /** A lit pixel is 0. */
      readonly inverted: boolean
    }
    readonly header: string
    readonly footer: string
    readonly checksum?: {
      readonly kind: 'sum8' | 'xor8' | 'crc16-arc' | 'crc16-ccitt'
      readonly over: 'pixels' | 'header-and-pixels'
    }
    /** What the controller says to a frame it took, and to one it did not. */
    readonly answer?: { readonly ack: string; readonly nack?: string }
  }

/** A picture in the memory of a screen. */
type Framebuffer = Dimmable & {
  readonly path: string
  /** Where on the screen the panel begins. */
  readonly x: number
  readonly y: number
  /** What the kernel does not tell; absent: it does, or the panel is the whole screen. */
  readonly format?: 'xrgb8888' | 'rgb565'
  readonly screen?: { readonly width: number; readonly height: number }
  /** The sending card that dims the wall and makes it black. */
  readonly card?: { readonly driver: 'novastar' } & OnPort
}

/** What a controller takes: pixels, or text in its own letters, without accents. */
type Content = { readonly content: 'raster' | 'text' }
type Colored = { readonly color: 'rgb' | 'mono' }
/** The controller takes a page off by itself when it has not heard of it for so long. */
type Watched = { readonly watchdogSeconds: number }
/** How many hours ahead of UTC the clock of the sign is set. */
type Clocked = { readonly utcHours: number }

type Controller =
  | ({ readonly driver: 'onbon-bx5k'; readonly address: number } & OnPort &
      Dimmable &
      Colored &
      Watched &
      Clocked)
  | ({
      readonly driver: 'onbon-bx6'
      readonly address: number
      readonly deviceType: number
    } & OnPort &
      Colored &
      Watched)
  | ({
      readonly driver: 'alpha'
      readonly type: string
      readonly address: string
      /** It says what it took. */
      readonly answers: boolean
    } & OnPort &
      Dimmable &
      Colored &
      Content &
      Clocked)
  | ({ readonly driver: 'am03127'; readonly signId: number } & OnPort &
      Dimmable &
      Colored &
      Content &
      Clocked)
  | ({ readonly driver: 'jetfile2'; readonly group: number; readonly unit: number } & OnPort &
      Dimmable &
      Colored &
      Content &
      Watched &
      Clocked)
  | ({ readonly driver: 'hanover'; readonly address: number } & OnPort)

export type SignConfig = Panel &
  SignSettings &
  (
    | ({ readonly driver: 'adalight' } & Strip)
    | ({ readonly driver: 'awa' } & Strip)
    | ({
        readonly driver: 'tpm2'
        /** Its receiver answers a ping. */
        readonly answers: boolean
      } & Strip)
    | ({ readonly driver: 'generic-serial' } & GenericSerial)
    | Controller
    | ({ readonly driver: 'framebuffer' } & Framebuffer)
    | { readonly driver: 'virtual'; readonly trace?: string; readonly color: 'rgb' | 'mono' }
  )
