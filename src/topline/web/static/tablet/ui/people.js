/* Pure: which tiles to show and in which order. */

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** This department first, then who used this tablet last, then by name. */
export function inOrder(people, departmentId) {
  const home = (person) => (departmentId && person.department_id === departmentId ? 0 : 1);
  return [...people].sort(
    (a, b) =>
      home(a) - home(b) ||
      (b.last_used_at ?? "").localeCompare(a.last_used_at ?? "") ||
      a.display_name.localeCompare(b.display_name),
  );
}

/** Departments that have people, this tablet's own first. */
export function usedDepartments(departments, people, departmentId) {
  const used = new Set(people.map((person) => person.department_id));
  return departments.filter((one) => used.has(one.id)).sort((a, b) => (b.id === departmentId) - (a.id === departmentId));
}

/** Whether a person is shown. A search looks at everyone, by the start of any part of the name, accents aside. */
export function isShown(person, { search, departmentId }) {
  const wanted = plain(search.trim());
  if (!wanted) return !departmentId || person.department_id === departmentId;
  const name = plain(person.display_name);
  return name.startsWith(wanted) || name.split(/[\s-]+/).some((part) => part.startsWith(wanted)) || name.includes(` ${wanted}`);
}
