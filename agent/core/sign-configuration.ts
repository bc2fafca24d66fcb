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
    | ({ readonly driver: 'framebuffer' } & Framebuffer)
    | { readonly driver: 'virtual'; readonly trace?: string; readonly color: 'rgb' | 'mono' }
  )
