import { useData, withBase } from 'vitepress'
import { h, onMounted, ref, useId, watch } from 'vue'

/** A diagram from its text, drawn again when the reader turns the light on or off. */
export const Diagram = {
  props: { source: { type: String, required: true } },
  setup(props) {
    const { isDark } = useData()
    const id = `diagram${useId()}`
    const text = decodeURIComponent(props.source)
    const drawing = ref('')
    const draw = async () => {
      // Loaded as its authors built it, by the few pages that have a diagram: bundling it takes longer than all the rest.
      const { default: mermaid } = await import(/* @vite-ignore */ withBase('/mermaid/mermaid.esm.min.mjs'))
      mermaid.initialize({ startOnLoad: false, theme: isDark.value ? 'dark' : 'neutral', fontFamily: 'inherit' })
      drawing.value = (await mermaid.render(id, text)).svg
    }
    onMounted(draw)
    watch(isDark, draw)
    return () =>
      drawing.value === ''
        ? h('pre', { class: 'diagram' }, text)
        : h('div', { class: 'diagram drawn', role: 'img', 'aria-label': 'Diagram', innerHTML: drawing.value })
  },
}
