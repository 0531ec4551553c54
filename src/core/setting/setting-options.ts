import { must, type OptionCheck } from '../assert-options.ts'

export interface SettingOptions {
  /** What the setting is for, in one sentence; printed in the generated documentation. @default '' */
  readonly description?: string
}

export interface StringOptions extends SettingOptions {
  /** What the text must be, to follow "expected". @default 'text' */
  readonly shape?: string
  /** Whether a non-empty text is acceptable. @default () => true */
  readonly test?: (text: string) => boolean
}

export interface NumberOptions extends SettingOptions {
  /** Smallest acceptable value. @default -Infinity */
  readonly min?: number
  /** Largest acceptable value. @default Infinity */
  readonly max?: number
}

export interface DurationOptions extends NumberOptions {
  /** What a number without a unit counts. @default 'ms' */
  readonly unit?: 'ms' | 's'
}

export interface BindingOptions extends SettingOptions {
  /** What the platform must provide, to follow "expected". @default 'a binding' */
  readonly shape?: string
  /** Methods and properties that distinguish the right binding from another. @default [] */
  readonly members?: readonly string[]
}

export const settingChecks = { description: must.beText } satisfies Readonly<Record<keyof SettingOptions, OptionCheck>>
export const numberChecks = {
  ...settingChecks,
  min: must.beNumber,
  max: must.beNumber,
} satisfies Readonly<Record<keyof NumberOptions, OptionCheck>>
export const stringChecks = {
  ...settingChecks,
  shape: must.beText,
  test: must.beFunction,
} satisfies Readonly<Record<keyof StringOptions, OptionCheck>>
export const durationChecks = {
  ...numberChecks,
  unit: must.beOneOf('ms', 's'),
} satisfies Readonly<Record<keyof DurationOptions, OptionCheck>>
export const bindingChecks = {
  ...settingChecks,
  shape: must.beText,
  members: must.beArray,
} satisfies Readonly<Record<keyof BindingOptions, OptionCheck>>
