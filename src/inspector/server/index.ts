/**
 * The inspector's page, on Node: what applications are shown in.
 *
 * @module
 */

export { startInspector, type Inspector, type InspectorOptions } from './start-inspector.ts'
