// The script of the browser of rollouts: it wakes the controls and shows, orders and filters the tables that the page holds. Like client.ts it is put into the page as its text, so it may use nothing from outside itself; text of models is only ever read from the page and set as text.

/** Wakes every browser of rollouts on the page. */
export function browseRollouts(): void {
  const marks: Range[] = [];
  for (const browser of document.querySelectorAll<HTMLElement>('.rollouts')) {
    const find = <E extends Element>(what: string): E | null => browser.querySelector<E>(what);
    const controls = find<HTMLElement>('.controls');
    const slider = find<HTMLInputElement>('input[type=range]');
    const output = find<HTMLOutputElement>('output');
    const search = find<HTMLInputElement>('input[type=search]');
    const side = find<HTMLSelectElement>('[data-side]');
    const prompt = find<HTMLSelectElement>('[data-prompt]');
    const order = find<HTMLSelectElement>('[data-order]');
    const every = find<HTMLInputElement>('[data-all]');
    const status = find<HTMLElement>('[role=status]');
    if (!controls || !slider || !output || !search || !prompt || !order || !every || !status) continue;
    const steps = [...browser.querySelectorAll<HTMLDetailsElement>('details.step')].map((details) => ({
      details,
      name: details.dataset['name'] ?? '',
      at: details.dataset['at'] ?? '',
      body: details.querySelector('tbody'),
      rows: [...details.querySelectorAll<HTMLTableRowElement>('tbody tr')].map((row) => {
        const asked = row.querySelector('.asked')?.textContent ?? '';
        const answer = row.querySelector('.answer')?.textContent ?? '';
        const number = (name: string) => Number(row.dataset[name] ?? 0);
        return {
          row,
          asked,
          text: `${asked}\n${answer}`.toLowerCase(),
          drawn: number('drawn'),
          reward: number('reward'),
          tokens: number('tokens'),
        };
      }),
    }));
    type Row = (typeof steps)[number]['rows'][number];
    const orders: Readonly<Record<string, (a: Row, b: Row) => number>> = {
      drawn: () => 0,
      best: (a, b) => b.reward - a.reward,
      worst: (a, b) => a.reward - b.reward,
      longest: (a, b) => b.tokens - a.tokens,
    };
    /** Without control tokens, on one line. */
    const shorter = (asked: string) => {
      const flat = asked
        .replace(/<\|[^|<>\s]{1,40}\|>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim();
      return flat.length > 70 ? `${flat.slice(0, 69)}…` : flat;
    };
    const plural = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

    const sides = [...new Set(steps.map(({ at }) => at))];
    side?.append(
      new Option('of every kind', '*'),
      ...sides.map((at) => new Option(at === '' ? 'that are learnt from' : at, at)),
    );
    // Prompts that were asked at several steps can be followed from the first to the last.
    const seen = new Map<string, Set<number>>();
    steps.forEach(({ rows }, i) => {
      for (const { asked } of rows) seen.set(asked, (seen.get(asked) ?? new Set()).add(i));
    });
    for (const [asked, at] of seen) if (at.size > 1) prompt.append(new Option(shorter(asked), asked));
    if (prompt.options.length < 2) prompt.closest('label')?.remove();

    /** What the slider runs over. */
    let chosen = steps;
    const highlight = (nodes: readonly HTMLElement[], wanted: string) => {
      for (const node of nodes) {
        if (wanted === '') continue;
        const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
        for (let text = walker.nextNode(); text; text = walker.nextNode()) {
          const length = (text.textContent ?? '').length;
          const whole = (text.textContent ?? '').toLowerCase();
          if (whole.length !== length) continue; // lower case may be longer than what it was: then places do not agree
          for (let from = whole.indexOf(wanted); from >= 0; from = whole.indexOf(wanted, from + wanted.length)) {
            const range = new Range();
            range.setStart(text, from);
            range.setEnd(text, from + wanted.length);
            marks.push(range);
          }
        }
      }
    };
    const show = () => {
      const wanted = search.value.trim().toLowerCase();
      const compare = orders[order.value] ?? orders['drawn']!;
      const now = chosen[Number(slider.value)];
      const fits = ({ asked, text }: Row) =>
        (wanted === '' || text.includes(wanted)) && (prompt.value === '' || asked === prompt.value);
      let [here, elsewhere, stepsHere] = [0, 0, 0];
      marks.length = 0;
      for (const step of steps) {
        const rows = step.rows.filter(fits);
        const inRange = chosen.includes(step);
        const visible = every.checked ? inRange && rows.length > 0 : step === now;
        step.details.hidden = !visible;
        if (!visible) {
          if (inRange) elsewhere += rows.length;
          continue;
        }
        step.details.open = true;
        here += rows.length;
        stepsHere++;
        for (const { row } of step.rows) row.hidden = true;
        for (const { row } of rows) row.hidden = false;
        step.body?.append(...step.rows.toSorted((a, b) => compare(a, b) || a.drawn - b.drawn).map(({ row }) => row));
        highlight(
          rows.flatMap(({ row }) => [...row.querySelectorAll<HTMLElement>('.said')]),
          wanted,
        );
      }
      output.value = every.checked ? plural(stepsHere, 'step') : (now?.name ?? '');
      slider.setAttribute('aria-valuetext', now?.name ?? '');
      slider.disabled = every.checked;
      const filtered = wanted !== '' || prompt.value !== '';
      status.textContent = `${plural(here, 'answer')}${filtered && !every.checked ? `; ${elsewhere} at other steps` : ''}`;
      const registry = (CSS as { highlights?: Map<string, unknown> }).highlights;
      const Paint = (globalThis as { Highlight?: new (...ranges: Range[]) => unknown }).Highlight;
      if (registry && Paint) registry.set('found', new Paint(...marks));
    };
    const choose = () => {
      const now = chosen[Number(slider.value)];
      chosen = !side || side.value === '*' ? steps : steps.filter(({ at }) => at === side.value);
      slider.max = String(chosen.length - 1);
      const at = now ? chosen.indexOf(now) : -1;
      slider.value = String(at < 0 ? chosen.length - 1 : at);
      show();
    };
    browser.querySelectorAll<HTMLButtonElement>('[data-go]').forEach((button) =>
      button.addEventListener('click', () => {
        every.checked = false;
        slider.value = String(Number(slider.value) + Number(button.dataset['go']));
        show();
      }),
    );
    slider.addEventListener('input', show);
    search.addEventListener('input', show);
    order.addEventListener('change', show);
    every.addEventListener('change', show);
    side?.addEventListener('change', choose);
    prompt.addEventListener('change', () => {
      if (prompt.value !== '') every.checked = true;
      show();
    });
    slider.max = String(steps.length - 1);
    slider.value = slider.max;
    browser.classList.add('awake');
    for (const { details } of steps) {
      // The controls say what is open.
      const summary = details.querySelector('summary');
      summary?.setAttribute('tabindex', '-1');
      summary?.addEventListener('click', (event) => event.preventDefault());
    }
    controls.hidden = false;
    show();
  }
}
