/** Where the boxes and lines of a graph stand. */
export { graphlib, layout } from '@dagrejs/dagre'
