//! The set of paths that a reader wants.

use rustc_hash::FxHashMap;

/// A wanted path: its place in the list given to [`Paths::new`].
pub type PathId = u16;

/// Where one is below the root: at a wanted path or on the way to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Node(u32);

/// Wanted paths as a tree. Dots separate steps, whether the document nests objects or has dots in its keys.
#[derive(Debug, Default)]
pub struct Paths {
    root: FxHashMap<Box<str>, Node>,
    /// What follows each node.
    children: Vec<FxHashMap<Box<str>, Node>>,
    wanted: Vec<Option<PathId>>,
}

impl Paths {
    pub fn new<P: AsRef<str>>(paths: &[P]) -> Self {
        let mut tree = Paths::default();
        for (id, path) in (0..PathId::MAX).zip(paths) {
            let mut at = None;
            for step in path.as_ref().split('.') {
                at = Some(tree.insert(at, step));
            }
            if let Some(Node(at)) = at {
                tree.wanted[at as usize].get_or_insert(id);
            }
        }
        tree
    }

    fn insert(&mut self, at: Option<Node>, step: &str) -> Node {
        let next = Node(self.children.len() as u32);
        let siblings = match at {
            Some(Node(at)) => &mut self.children[at as usize],
            None => &mut self.root,
        };
        if let Some(known) = siblings.get(step) {
            return *known;
        }
        siblings.insert(step.into(), next);
        self.children.push(FxHashMap::default());
        self.wanted.push(None);
        next
    }

    /// Where a key leads from a node, or from the root.
    pub fn step(&self, at: Option<Node>, key: &str) -> Option<Node> {
        let siblings = match at {
            Some(Node(at)) => self.children.get(at as usize)?,
            None => &self.root,
        };
        if siblings.is_empty() {
            return None;
        }
        match siblings.get(key) {
            Some(node) => Some(*node),
            None => {
                let (first, rest) = key.split_once('.')?;
                self.step(Some(*siblings.get(first)?), rest)
            }
        }
    }

    /// The wanted path that ends here.
    pub fn wanted(&self, Node(at): Node) -> Option<PathId> {
        self.wanted.get(at as usize).copied().flatten()
    }
}
