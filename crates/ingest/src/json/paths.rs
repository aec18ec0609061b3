//! The set of paths that a reader wants.

use std::collections::HashMap;

/// A wanted path: its place in the list given to [`Paths::new`].
pub type PathId = u16;

/// Where one is below the root: at a wanted path or on the way to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Node(u32);

/// Wanted paths as a tree. Dots separate steps, whether the document nests objects or has dots in its keys.
#[derive(Debug)]
pub struct Paths {
    children: HashMap<Box<str>, Node>,
    steps: Vec<HashMap<Box<str>, Node>>,
    wanted: Vec<Option<PathId>>,
}

impl Paths {
    pub fn new<P: AsRef<str>>(paths: &[P]) -> Self {
        let mut tree = Paths { children: HashMap::new(), steps: Vec::new(), wanted: Vec::new() };
        for (id, path) in (0..=PathId::MAX).zip(paths) {
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
        let next = Node(self.steps.len() as u32);
        let children = match at {
            Some(Node(at)) => &mut self.steps[at as usize],
            None => &mut self.children,
        };
        if let Some(child) = children.get(step) {
            return *child;
        }
        children.insert(step.into(), next);
        self.steps.push(HashMap::new());
        self.wanted.push(None);
        next
    }

    /// Where a key leads from the root.
    pub fn at_root(&self, key: &str) -> Option<Node> {
        let (step, rest) = key.split_once('.').map_or((key, None), |(step, rest)| (step, Some(rest)));
        let child = *self.children.get(step)?;
        rest.map_or(Some(child), |rest| self.from(child, rest))
    }

    /// Where a key leads from a node.
    pub fn from(&self, at: Node, key: &str) -> Option<Node> {
        key.split('.').try_fold(at, |Node(at), step| self.steps.get(at as usize)?.get(step).copied())
    }

    /// The wanted path that ends here.
    pub fn wanted(&self, Node(at): Node) -> Option<PathId> {
        self.wanted.get(at as usize).copied().flatten()
    }
}
