update wide set v = 2; update wide set big = 'short'; alter table wide drop column arr; update wide set v = 3; delete from wide;
