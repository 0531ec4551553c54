import { useData, withBase } from 'vitepress'
import { h, onMounted, ref, useId, watch } from 'vue'

/** A wide diagram is drawn no narrower than this, in pixels; on a small screen it scrolls by itself. */
const LEGIBLE = 560

/** A diagram from its text, drawn again when the reader turns the light on or off. */
export const Diagram = {
  props: { source: { type: String, required: true } },
  setup(props) {
    const { isDark } = useData()
    const id = `diagram${useId()}`
    const text = decodeURIComponent(props.source)
    const drawing = ref('')
    const smallest = ref('0')
    const draw = async () => {
      // Loaded as its authors built it, by the few pages that have a diagram: bundling it takes longer than all the rest.
      const { default: mermaid } = await import(/* @vite-ignore */ withBase('/mermaid/mermaid.esm.min.mjs'))
      // Texts are measured before they are drawn.
      await document.fonts.ready
      mermaid.initialize({
        startOnLoad: false,
        theme: isDark.value ? 'dark' : 'neutral',
        fontFamily: getComputedStyle(document.body).fontFamily,
        // Labels of HTML would take the page's own style for paragraphs.
        htmlLabels: false,
        flowchart: { htmlLabels: false },
      })
      const { svg } = await mermaid.render(id, text)
      const width = Number(/viewBox="\S+ \S+ (\S+)/.exec(svg)?.[1] ?? 0)
      smallest.value = `${Math.min(width, LEGIBLE)}px`
      drawing.value = svg
    }
    onMounted(draw)
    watch(isDark, draw)
    return () =>
      drawing.value === ''
        ? h('pre', { class: 'diagram' }, text)
        : h('div', {
            class: 'diagram drawn',
            role: 'img',
            'aria-label': `Diagram: ${text}`,
            style: { '--smallest': smallest.value },
            innerHTML: drawing.value,
          })
  },
}
