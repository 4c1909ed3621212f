import type { Signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";

/** In CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Keeps `size` that of what is inside of the element's border. */
export function useSize(element: { readonly current: HTMLElement | null }, size: Signal<Size>): void {
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const measure = () => {
      size.value = { width: target.clientWidth, height: target.clientHeight };
    };
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    measure();
    return () => observer.disconnect();
  }, [element, size]);
}
