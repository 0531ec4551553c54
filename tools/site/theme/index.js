import Theme from 'vitepress/theme'
import { Diagram } from './diagram.js'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet exports no names
import './style.css'

export default {
  extends: Theme,
  enhanceApp({ app }) {
    app.component('Diagram', Diagram)
  },
}
