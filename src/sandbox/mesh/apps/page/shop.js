// Remembers in this window which version of reviews answered each reload, so that a shift of traffic can be seen.
const KEPT = 40;
const main = document.querySelector('main');
const strip = document.querySelector('.loads');
const list = strip.querySelector('ol');

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem('loads') ?? '[]');
  } catch {
    return [];
  }
}

function show(loads) {
  list.replaceChildren(
    ...loads.map(version => {
      const item = document.createElement('li');
      item.dataset.v = version;
      item.textContent = version === 'none' ? 'failed' : version;
      return item;
    }),
  );
}

const loads = [...remembered(), main.dataset.version].slice(-KEPT);
sessionStorage.setItem('loads', JSON.stringify(loads));
show(loads);
strip.hidden = false;

document.querySelector('#reload').addEventListener('click', () => location.reload());
document.querySelector('#again').addEventListener('click', async event => {
  event.target.disabled = true;
  for (let count = 0; count < 10; count += 1) {
    const text = await (await fetch('/productpage')).text();
    const version = new DOMParser().parseFromString(text, 'text/html').querySelector('main')?.dataset.version ?? 'none';
    loads.push(version);
    show(loads.slice(-KEPT));
  }
  sessionStorage.setItem('loads', JSON.stringify(loads.slice(-KEPT)));
  event.target.disabled = false;
});
