//! Compact columns: a column that takes no room while all its values are alike: ten million contracts on one route carry one route.

use std::ops::{Index, IndexMut};

/// A column of values; as long as all are equal only one is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Compact<T> {
    /// All values alike: the value and how often.
    Alike(T, usize),
    /// One value per row.
    Each(Vec<T>),
}

impl<T: Copy + Default> Default for Compact<T> {
    fn default() -> Self {
        Self::Alike(T::default(), 0)
    }
}

impl<T: Copy + PartialEq> Compact<T> {
    /// `count` times the same value.
    pub fn alike(value: T, count: usize) -> Self {
        Self::Alike(value, count)
    }

    /// Adds a value.
    pub fn push(&mut self, value: T) {
        match self {
            Self::Alike(_, 0) => *self = Self::Alike(value, 1),
            Self::Alike(all, count) if *all == value => *count += 1,
            Self::Alike(all, count) => {
                let mut each = Vec::with_capacity(2 * (*count + 1));
                each.resize(*count, *all);
                each.push(value);
                *self = Self::Each(each);
            }
            Self::Each(each) => each.push(value),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Alike(_, count) => *count,
            Self::Each(each) => each.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes it takes beside itself.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Alike(..) => 0,
            Self::Each(each) => each.capacity() * size_of::<T>(),
        }
    }
}

impl<T: Copy + PartialEq> From<Vec<T>> for Compact<T> {
    /// Takes a column as it is, or as one value if all are equal.
    fn from(each: Vec<T>) -> Self {
        match each.first() {
            Some(&first) if each.iter().all(|value| *value == first) => Self::Alike(first, each.len()),
            _ => Self::Each(each),
        }
    }
}

impl<T> Index<usize> for Compact<T> {
    type Output = T;

    #[inline]
    fn index(&self, row: usize) -> &T {
        match self {
            Self::Alike(all, count) => {
                assert!(row < *count, "row {row} of {count} rows");
                all
            }
            Self::Each(each) => &each[row],
        }
    }
}

impl<T: Copy> IndexMut<usize> for Compact<T> {
    /// A row to be changed: from now on every row has a value of its own.
    fn index_mut(&mut self, row: usize) -> &mut T {
        if let Self::Alike(all, count) = self {
            *self = Self::Each(vec![*all; *count]);
        }
        match self {
            Self::Each(each) => &mut each[row],
            Self::Alike(..) => unreachable!("it has just been made one value per row"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_takes_room_from_the_first_value_that_differs() {
        let mut column: Compact<u32> = Compact::default();
        for _ in 0..1000 {
            column.push(7);
        }
        assert_eq!((column.len(), column.bytes(), column[999]), (1000, 0, 7));
        column.push(8);
        assert_eq!((column.len(), column[0], column[999], column[1000]), (1001, 7, 7, 8));
        column[3] = 9;
        assert_eq!(column[3], 9);
        assert_eq!(Compact::from(vec![1, 1, 1]), Compact::alike(1, 3));
        assert_eq!(Compact::from(vec![1, 2]).len(), 2);
        assert_eq!(Compact::<u32>::from(Vec::new()).len(), 0);
    }
}
