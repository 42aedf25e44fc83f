/** Draws a list of blocks. A block that cannot be drawn says so in its place and leaves the others alone. */
import { Component, type ComponentChildren, type ComponentType, type VNode } from 'preact';
import type { JsonObject } from '../../../../object.ts';
import { html } from '../html.ts';
import { asText } from '../json.ts';
import { AlertBlock } from './alert.ts';
import { CardBlock, CarouselBlock } from './card.ts';
import { ChartBlock } from './chart.ts';
import { ContainerBlock } from './container.ts';
import { DataTableBlock } from './data-table.ts';
import { ActionsBlock, ContextActionsBlock, InputBlock } from './input.ts';
import { MarkdownBlock } from './markdown.ts';
import { FileBlock, ImageBlock, VideoBlock } from './media.ts';
import { PlanBlock, TaskCard } from './plan.ts';
import { RichTextBlock } from './rich-text.ts';
import { TableBlock } from './table.ts';
import { ContextBlock, DividerBlock, HeaderBlock, SectionBlock } from './text.ts';

interface BlockProps {
  block: JsonObject;
  /** Draws the blocks inside a block. */
  nested: typeof Blocks;
}

const drawn: Record<string, ComponentType<BlockProps>> = {
  section: SectionBlock,
  header: HeaderBlock,
  divider: DividerBlock,
  context: ContextBlock,
  context_actions: ContextActionsBlock,
  actions: ActionsBlock,
  input: InputBlock,
  image: ImageBlock,
  video: VideoBlock,
  file: FileBlock,
  rich_text: RichTextBlock,
  markdown: MarkdownBlock,
  table: TableBlock,
  data_table: DataTableBlock,
  data_visualization: ChartBlock,
  container: ContainerBlock,
  plan: PlanBlock,
  task_card: TaskCard,
  card: CardBlock,
  carousel: CarouselBlock,
  alert: AlertBlock,
};

export function Blocks({ blocks }: { blocks: JsonObject[] }): VNode {
  return html`<div class="blocks">${blocks.map((block, index) => {
    const type = asText(block.type);
    const Drawn = Object.hasOwn(drawn, type) ? drawn[type] : undefined;
    const id = asText(block.block_id) || `${index}`;
    return html`<div class=${`block block-${type}`} data-block=${id} key=${`${type}/${id}`}>
      ${
        Drawn
          ? html`<${Guard} what=${type}><${Drawn} block=${block} nested=${Blocks} /></${Guard}>`
          : html`<span class="unknown">This page cannot draw the block “${type}”.</span>`
      }
    </div>`;
  })}</div>`;
}

class Guard extends Component<{ what: string; children?: ComponentChildren }, { broken: boolean }> {
  override state = { broken: false };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ broken: true });
  }

  override render(): ComponentChildren {
    return this.state.broken
      ? html`<span class="unknown">The block “${this.props.what}” could not be drawn.</span>`
      : this.props.children;
  }
}
