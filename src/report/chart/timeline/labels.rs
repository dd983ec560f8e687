//! Words under marks, in few rows, none over another.

use crate::report::chart::canvas::text_width;

/// Size of the letters.
pub const SMALL: f64 = 10.0;

/// Rows of words under a row of marks at most.
const ROWS: usize = 5;

/// Space between a word and the line that it stands beside.
pub const BESIDE: f64 = 3.0;

/// Space between two words in a row.
const GAP: f64 = 6.0;

/// Where the word of a mark stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Its left end, with room for the widest font.
    pub left: f64,
    /// Its right end, likewise.
    pub right: f64,
    /// It ends at its mark instead of beginning there.
    pub before: bool,
    /// Its row, 0 next to the marks.
    pub row: usize,
}

/// Places for the words of marks at rising `x`, between the edges; `None` for one that has no room.
///
/// From right to left: a word that would run into a later one goes into the row below it, so that the line from its mark down to it crosses
/// no word. A word with no room to the right stands to the left of its line, and leaves the first row to others.
pub fn place(marks: &[(f64, &str)], edges: (f64, f64)) -> Vec<Option<Place>> {
    let mut starts = [f64::INFINITY; ROWS];
    let mut places = vec![None; marks.len()];
    for (place, &(x, text)) in places.iter_mut().zip(marks).rev() {
        let width = text_width(text, SMALL);
        let before = x + BESIDE + width > edges.1;
        let left = if before { x - BESIDE - width } else { x };
        let right = if before { x - BESIDE } else { x + BESIDE + width };
        let free = |row: &usize| right + GAP <= starts[*row] && starts[..*row].iter().all(|start| *start >= x + 2.0);
        if let Some(row) = (usize::from(before)..ROWS).find(free).filter(|_| left >= edges.0) {
            starts[row] = left;
            // The line down to this word stands in the rows above it.
            starts[..row].iter_mut().for_each(|start| *start = start.min(x));
            *place = Some(Place { left, right, before, row });
        }
    }
    places
}

/// How many rows some places take.
pub fn rows(places: &[Option<Place>]) -> usize {
    places.iter().flatten().map(|place| place.row + 1).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_word_lies_over_another_nor_over_the_line_to_one(mut xs in prop::collection::vec(100.0..800.0_f64, 0..40)) {
            xs.sort_by(f64::total_cmp);
            let texts: Vec<String> = xs.iter().enumerate().map(|(index, _)| "x".repeat(3 + index % 17)).collect();
            let marks: Vec<(f64, &str)> = xs.iter().copied().zip(texts.iter().map(String::as_str)).collect();
            let places = place(&marks, (100.0, 800.0));
            for (index, one) in places.iter().enumerate() {
                let Some(one) = one else { continue };
                prop_assert!(one.left >= 100.0 && one.right <= 800.0 && one.row < ROWS);
                prop_assert!(one.right - one.left >= text_width(marks[index].1, SMALL) - 1e-9);
                for (other, (place, mark)) in places.iter().zip(&marks).enumerate() {
                    let Some(place) = place.filter(|_| other != index) else { continue };
                    let apart = place.left >= one.right || place.right <= one.left;
                    prop_assert!(place.row != one.row || apart, "{places:?}");
                    // The line to the other mark passes this word only where it does not stand.
                    prop_assert!(place.row <= one.row || mark.0 <= one.left || mark.0 >= one.right, "{places:?}");
                }
            }
        }
    }

    #[test]
    fn words_with_room_stand_next_to_their_marks() {
        let places = place(&[(100.0, "one"), (200.0, "two"), (210.0, "three"), (795.0, "four")], (0.0, 800.0));
        let told: Vec<_> = places.into_iter().flatten().map(|place| (place.left, place.before, place.row)).collect();
        assert_eq!(told[..3], [(100.0, false, 0), (200.0, false, 1), (210.0, false, 0)]);
        assert!(told[3].1 && told[3].2 == 1 && told[3].0 < 792.0, "{told:?}");
        assert_eq!(place(&[(5.0, "much too long for this")], (0.0, 20.0)), [None]);
    }
}
