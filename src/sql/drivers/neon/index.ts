export { neon, type NeonOptions } from './driver.ts'
