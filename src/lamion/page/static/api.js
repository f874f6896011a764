// The page's own server, and no other.
async function answer(response) {
  const type = response.headers.get("content-type") || "";
  const content = type.includes("json") ? await response.json() : { error: await response.text() };
  if (!response.ok) throw Object.assign(new Error(content.error || `Status ${response.status}`), content);
  return content;
}

export async function get(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) for (const one of [value].flat()) query.append(name, one);
  return answer(await fetch(query.size ? `${path}?${query}` : path));
}

export async function post(path, content = {}) {
  const headers = { "content-type": "application/json" };
  return answer(await fetch(path, { method: "POST", headers, body: JSON.stringify(content) }));
}

export async function send(path, parameters, blob) {
  const headers = { "content-type": "application/octet-stream" };
  return answer(await fetch(`${path}?${new URLSearchParams(parameters)}`, { method: "POST", headers, body: blob }));
}

export async function take(path, parameters, content) {
  const query = new URLSearchParams(parameters);
  const asked = content
    ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(content) }
    : {};
  const response = await fetch(`${path}?${query}`, asked);
  if (!response.ok) await answer(response);
  return response.blob();
}
