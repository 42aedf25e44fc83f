/** The short names that this page knows, with their characters: those that apps and people use at work. */

const table = `
+1 👍|-1 👎|thumbsup 👍|thumbsdown 👎|wave 👋|hand ✋|snowflake ❄️|clap 👏|pray 🙏|muscle 💪|point_right 👉|point_up ☝️|raised_hands 🙌|ok_hand 👌
smile 😄|slightly_smiling_face 🙂|grin 😁|joy 😂|wink 😉|thinking_face 🤔|sweat_smile 😅|cry 😢|scream 😱|sunglasses 😎|heart_eyes 😍|neutral_face 😐|disappointed 😞|robot_face 🤖|ghost 👻
tada 🎉|rocket 🚀|fire 🔥|sparkles ✨|star ⭐|star2 🌟|boom 💥|zap ⚡|bulb 💡|100 💯|heart ❤️|eyes 👀|bell 🔔|no_bell 🔕|mega 📣|loudspeaker 📢
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|warning ⚠️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|question ❓|exclamation ❗|information_source ℹ️|rotating_light 🚨|construction 🚧
hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️|alarm_clock ⏰|clock1 🕐|calendar 📅|date 📅|watch ⌚
red_circle 🔴|large_green_circle 🟢|large_yellow_circle 🟡|large_orange_circle 🟠|large_blue_circle 🔵|white_circle ⚪|black_circle ⚫|large_purple_circle 🟣|red_square 🟥|large_green_square 🟩|large_yellow_square 🟨|large_blue_square 🟦|white_large_square ⬜|black_large_square ⬛
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrows_counterclockwise 🔄|leftwards_arrow_with_hook ↩️|rewind ⏪|fast_forward ⏩|double_vertical_bar ⏸️|arrow_forward ▶️|twisted_rightwards_arrows 🔀|repeat 🔁|heavy_plus_sign ➕|heavy_minus_sign ➖|heavy_multiplication_x ✖️|small_red_triangle 🔺|small_red_triangle_down 🔻|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊
lock 🔒|unlock 🔓|key 🔑|shield 🛡️|wrench 🔧|hammer 🔨|gear ⚙️|hammer_and_wrench 🛠️|package 📦|mag 🔍|mag_right 🔎|link 🔗|paperclip 📎|pushpin 📌|memo 📝|pencil2 ✏️|clipboard 📋|page_facing_up 📄|file_folder 📁|book 📖|books 📚|inbox_tray 📥|outbox_tray 📤|email ✉️|computer 💻|desktop_computer 🖥️|satellite_antenna 📡|globe_with_meridians 🌐|test_tube 🧪|microscope 🔬|bug 🐛|wastebasket 🗑️|ship 🚢|sailboat ⛵|anchor ⚓|traffic_light 🚦|vertical_traffic_light 🚦|spider_web 🕸️|coffee ☕|pizza 🍕|beers 🍻|cake 🍰|trophy 🏆|checkered_flag 🏁|triangular_flag_on_post 🚩|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣
`;

const characters = new Map<string, string>();
for (const pair of table.trim().split(/[|\n]/)) {
  const [name = '', character = ''] = pair.split(' ');
  characters.set(name, character);
}

/** `undefined`: this page has no such emoji, and shows `:name:` as it was written. */
export function emojiCharacter(name: string): string | undefined {
  return characters.get(name);
}

/** Short names that hold `query`, those that begin with it first. */
export function findEmoji(query: string, most: number): { name: string; character: string }[] {
  const names = [...characters.keys()].filter(name => name.includes(query));
  names.sort((a, b) => Number(b.startsWith(query)) - Number(a.startsWith(query)) || a.localeCompare(b));
  return names.slice(0, most).map(name => ({ name, character: characters.get(name) ?? '' }));
}

const names = new Map([...characters].map(([name, character]) => [character, name]));
const known = new RegExp(
  `(${[...names.keys()]
    .sort((a, b) => b.length - a.length)

    .join('|')})`,
  'u',
);

/** Text cut at the emoji that this page knows: people and apps write the characters themselves too. */
export function cutAtEmoji(text: string): (string | { name: string; character: string })[] {
  return text.split(known).map(piece => {
    const name = names.get(piece);
    return name === undefined ? piece : { name, character: piece };
  });
}
