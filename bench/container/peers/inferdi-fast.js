import { forOptions } from './inferdi.js?peer=inferdi-fast'

export const name = 'InferDI 5, no checks'
export const { createSync, createAsync, build } = forOptions({ strict: false })
