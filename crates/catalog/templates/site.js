// Filters and search. Tables are complete without this script: it only counts and hides.
"use strict";

const filters = document.getElementById("filters");

// Which rules, by number, pass the filters.
function passing() {
  const vendors = new Set([...filters.querySelectorAll("[name=vendor]:checked")].map(box => box.value));
  const chosen = name => filters.elements[name]?.value ?? "";
  const has = (rule, words, wanted) => !wanted || rule.dataset[words].split(" ").includes(wanted);
  const rules = [...document.querySelectorAll("[data-rule]")];
  const pass = rule => vendors.has(rule.dataset.vendor)
    && has(rule, "platforms", chosen("platform")) && has(rule, "domains", chosen("domain"));
  return new Set(rules.filter(pass).map(rule => rule.dataset.rule));
}

function filter() {
  const numbers = passing();
  for (const rule of document.querySelectorAll("[data-rule]")) rule.hidden = !numbers.has(rule.dataset.rule);
  for (const row of document.querySelectorAll("[data-rules]")) {
    const left = row.dataset.rules.split(" ").filter(number => numbers.has(number)).length;
    row.hidden = left === 0;
    row.querySelector(":scope > .count").textContent = left;
  }
  document.getElementById("shown").textContent = `${numbers.size} rules`;
}

if (filters) {
  filters.addEventListener("change", filter);
  filters.addEventListener("submit", event => event.preventDefault());
}

// A link to a rule or to one of its lines opens the rule.
function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  const rule = target?.closest("details");
  if (rule) {
    rule.open = true;
    target.scrollIntoView({ block: "center" });
  }
}
addEventListener("hashchange", openTarget);
openTarget();

const HITS = 50;
const box = document.getElementById("search");
const root = document.body.dataset.root;
let loading = null;

// The index is large and loaded when somebody begins to search.
function index() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${root}search.js`;
    script.onload = () => resolve(window.gannetIndex.map(entry => [entry, `${entry[1]} ${entry[2]}`.toLowerCase()]));
    script.onerror = () => reject(new Error("search.js is missing beside this page"));
    document.head.append(script);
  });
  return loading;
}

function hit([kind, text, note, techniques]) {
  const item = document.createElement("li");
  const small = content => Object.assign(document.createElement("small"), { textContent: content });
  item.append(small(`${kind} `), text, " ", small(note));
  for (const id of techniques) {
    const link = document.createElement("a");
    link.href = `${root}technique/${id}.html`;
    link.textContent = id;
    item.append(" ", link);
  }
  return item;
}

async function search() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const count = document.getElementById("hits-count");
  const list = document.getElementById("hits");
  if (words.length === 0) {
    count.textContent = "";
    list.replaceChildren();
    return;
  }
  const asked = box.value;
  try {
    const found = (await index()).filter(([, text]) => words.every(word => text.includes(word)));
    // A later key was typed meanwhile: its own search answers.
    if (asked !== box.value) return;
    count.textContent = found.length > HITS ? `${found.length} hits, the first ${HITS}:` : `${found.length} hits`;
    list.replaceChildren(...found.slice(0, HITS).map(([entry]) => hit(entry)));
  } catch (error) {
    count.textContent = error.message;
  }
}
box.addEventListener("input", search);
box.addEventListener("focus", index, { once: true });
box.form.addEventListener("submit", event => event.preventDefault());
